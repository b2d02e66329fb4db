import { type ActionFunctionArgs, redirect } from '@remix-run/node';
import { authkitLoader, signOut } from '@workos-inc/authkit-remix';
import { appUrl, assertSameOrigin, loaderOptions } from '../auth.server';

/** Browsers fetch links ahead of time, which must sign nobody out. */
export const loader = () => new Response('Sign out with the button.', { status: 405, headers: { Allow: 'POST' } });

export async function action(args: ActionFunctionArgs) {
  assertSameOrigin(args.request);
  // Before `signOut`, which throws when there is no session, or when no loader has run since the app was started.
  const { data } = await authkitLoader(args, loaderOptions);
  return data.user ? signOut(args.request, { returnTo: appUrl('/').href }) : redirect('/');
}
