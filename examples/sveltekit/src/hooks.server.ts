import type { Handle } from '@sveltejs/kit';
import { sequence } from '@sveltejs/kit/hooks';
import { authKitHandle } from '@workos/authkit-sveltekit';

// docs: hooks
/** What the route itself says of the session: the SDK sets a renewed one afterwards, beside it or in its place. */
const noteOfRoute: Handle = async ({ event, resolve }) => {
  const response = await resolve(event);
  event.locals.sessionOfRoute = response.headers.getSetCookie().find(isSession);
  return response;
};

/** A renewed session must not undo a sign-out or a switch. */
const routeDecides: Handle = async ({ event, resolve }) => {
  const response = await resolve(event);
  const { sessionOfRoute } = event.locals;
  if (!sessionOfRoute) return response;
  const others = response.headers.getSetCookie().filter((cookie) => !isSession(cookie));
  response.headers.delete('Set-Cookie');
  for (const cookie of [...others, sessionOfRoute]) response.headers.append('Set-Cookie', cookie);
  return response;
};

const isSession = (cookie: string): boolean => cookie.startsWith('wos-session=');

/** No page comes out of a cache after its person has signed out, and none is shown inside another site's frame. */
const notCached: Handle = async ({ event, resolve }) => {
  const response = await resolve(event);
  response.headers.set('Cache-Control', 'no-store');
  response.headers.set('Content-Security-Policy', "frame-ancestors 'none'");
  return response;
};

/** SvelteKit itself looks only at requests that a form can send; a script elsewhere can send one without a body. */
const sameOrigin: Handle = ({ event, resolve }) => {
  const safe = ['GET', 'HEAD', 'OPTIONS'].includes(event.request.method);
  if (safe || event.request.headers.get('origin') === event.url.origin) return resolve(event);
  return new Response('This request came from another site.', { status: 403 });
};

/** Every request knows its person in `event.locals.auth`; a token that has run out is renewed here. */
export const handle = sequence(notCached, sameOrigin, routeDecides, authKitHandle(), noteOfRoute);
// docs: end
