import { type UserInfo, withAuth } from '@workos-inc/authkit-nextjs';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';

/**
 * For server components: who is signed in. Everybody else signs in and comes back to the same path and query.
 *
 * What `withAuth({ ensureSignedIn: true })` is for. From 3.0 on it keeps the proof of the sign-in in a cookie, though,
 * and Next.js lets no page set one, so the sign-in endpoint does.
 */
export async function ensureSignedIn(): Promise<UserInfo> {
  const auth = await withAuth();
  if (auth.user) return auth;
  const here = new URL((await headers()).get('x-url') ?? '/', 'http://localhost'); // The proxy's note of the request.
  redirect(`/login?return_to=${encodeURIComponent(here.pathname + here.search)}`);
}
