import { data, type LoaderFunctionArgs } from '@remix-run/node';
import { authLoader } from '@workos-inc/authkit-remix';
import { sessionOptions } from '../session.server';

// docs: callback
const finishSignIn = authLoader(sessionOptions);

export async function loader(args: LoaderFunctionArgs) {
  const { searchParams } = new URL(args.request.url);
  const refusal = searchParams.get('error_description') ?? searchParams.get('error');
  if (refusal) throw data(`You were not signed in: ${refusal}`, { status: 400 });
  const answer = await finishSignIn(args);
  if (answer instanceof Response) return answer;
  throw data('This sign-in was already used or has expired. Please sign in again.', { status: 400 });
}

/** A route with a page, if an empty one, so that its errors are shown as pages. */
export default () => null;
// docs: end
