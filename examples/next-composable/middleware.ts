import { authkit, handleAuthkitProxy } from '@workos-inc/authkit-nextjs';
import type { NextRequest } from 'next/server';
import { localizedUrl } from './locale';
import { withinLimit } from './rate-limit';
import { redirectUri } from './redirect-uri';

export default async function middleware(request: NextRequest) {
  const { pathname } = request.nextUrl;
  if (pathname.startsWith('/api/') && !withinLimit(request)) return answer(429, 'Too many requests: try again soon.');

  let unreachable = false;
  const { session, headers, authorizationUrl } = await authkit(request, {
    redirectUri,
    onSessionRefreshError({ isTransient }) {
      unreachable = isTransient;
    },
  });
  if (unreachable) return answer(503, 'Sign-in does not answer. You are still signed in: try again soon.');

  // AuthKit only says who it is. Who may go where, and who is sent where, is decided here.
  const isProtected = pathname === '/account' || pathname.startsWith('/account/');
  const redirect = isProtected && !session.user ? authorizationUrl : localizedUrl(request);

  const response = handleAuthkitProxy(request, headers, { redirect });
  response.headers.set('x-request-id', crypto.randomUUID());
  return response;
}

const answer = (status: number, text: string) => new Response(text, { status, headers: { 'retry-after': '10' } });

// Every path that uses AuthKit must pass here. The style sheet and the pictures need not.
export const config = { matcher: ['/((?!_next/static|_next/image|icon.svg).*)'] };
