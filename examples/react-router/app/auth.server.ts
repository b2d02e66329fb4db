/** What the routes share about the session. The SDK reads its settings from the environment by itself. */
import { getConfig } from '@workos-inc/authkit-react-router';
import { redirect } from 'react-router';
import { sessionCookie, sessionOptions } from './session.server';

interface FailedRefresh {
  readonly error: unknown;
  readonly request: Request;
}

// docs: refresh
/** For `authkitLoader`: the same page again, signed out. A public one is shown, a protected one asks for a sign-in. */
export async function onSessionRefreshError({ error, request }: FailedRefresh): Promise<never> {
  assertEnded(error);
  const { pathname, search } = new URL(request.url);
  throw redirect(request.method === 'GET' ? pathname + search : '/', { headers: forgetSession() });
}

/** Only a definite no ends a session: an outage or a rate limit must not sign anybody out. */
export function assertEnded(error: unknown): void {
  if ((error as { status?: number }).status === 400) return;
  throw new Response('Sign-in does not answer. You are still signed in: try again soon.', { status: 503 });
}

export const forgetSession = () => ({ 'Set-Cookie': sessionCookie('', 0) });

/** For each `authkitLoader`. */
export const loaderOptions = { ...sessionOptions, onSessionRefreshError };
// docs: end

// docs: origin
/** Other sites can send forms here, and browsers say where a form comes from. */
export function assertSameOrigin(request: Request): void {
  if (request.headers.get('Origin') === appUrl('/').origin) return;
  throw new Response('This came from another site, so nothing was changed.', { status: 403 });
}
// docs: end

/** An address of ours, or the start page for one that is not: `/\evil.example` looks like a path of ours. */
export function appUrl(path: string): URL {
  const home = new URL('/', getConfig('redirectUri'));
  const url = URL.canParse(path, home) ? new URL(path, home) : home;
  return url.origin === home.origin ? url : home;
}
