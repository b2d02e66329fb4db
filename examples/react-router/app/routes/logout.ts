import { authkitLoader, signOut } from '@workos-inc/authkit-react-router';
import { redirect } from 'react-router';
import { appUrl, assertSameOrigin, loaderOptions } from '../auth.server';
import type { Route } from './+types/logout';

/** Browsers fetch links ahead of time, which must sign nobody out. */
export const loader = () => new Response('Sign out with the button.', { status: 405, headers: { Allow: 'POST' } });

export async function action(args: Route.ActionArgs) {
  assertSameOrigin(args.request);
  // Before `signOut`, which throws when there is no session, or when no loader has run since the app was started.
  const { data } = await authkitLoader(args, loaderOptions);
  return data.user ? signOut(args.request, { returnTo: appUrl('/').href }) : redirect('/');
}
