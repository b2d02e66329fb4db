import { createCsrfMiddleware, createMiddleware, createStart } from '@tanstack/react-start';
import { authkitMiddleware } from '@workos/authkit-tanstack-react-start';

// docs: start
/** What changes something may come from our own pages only: server functions, and forms posted to routes. */
const csrf = createCsrfMiddleware({
  filter: ({ handlerType, request }) => handlerType === 'serverFn' || request.method === 'POST',
});

/** The SDK adds a renewed session behind what the route sets, which would undo a sign-out or a switch. The route decides. */
const routeDecides = createMiddleware().server(async ({ next }) => {
  const result = await next();
  const { headers } = result.response;
  const cookies = headers.getSetCookie();
  const [, ...later] = cookies.filter((cookie) => cookie.startsWith('wos-session='));
  headers.delete('Set-Cookie');
  for (const cookie of cookies) if (!later.includes(cookie)) headers.append('Set-Cookie', cookie);
  // No page comes out of a cache after its person has signed out, and none is shown inside another site's frame.
  headers.set('Cache-Control', 'no-store');
  headers.set('Content-Security-Policy', "frame-ancestors 'none'");
  return result;
});

export const startInstance = createStart(() => ({ requestMiddleware: [csrf, routeDecides, authkitMiddleware()] }));
// docs: end
