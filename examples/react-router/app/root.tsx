import { authkitLoader } from '@workos-inc/authkit-react-router';
import type { ReactNode } from 'react';
import { isRouteErrorResponse, Links, Meta, Outlet, Scripts, ScrollRestoration } from 'react-router';
import type { Route } from './+types/root';
import { loaderOptions } from './auth.server';
import './style.css';

// docs: root
/** Every page knows the person and the ways in; a token that has run out is renewed here. */
export function loader(args: Route.LoaderArgs) {
  return authkitLoader(args, () => ({ signInUrl: '/login', signUpUrl: '/login?screen_hint=sign-up' }), loaderOptions);
}
// docs: end

/** No page comes out of a cache after its person has signed out, and none is shown inside another site's frame. */
export const headers = () => ({ 'Cache-Control': 'no-store', 'Content-Security-Policy': "frame-ancestors 'none'" });

export function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>React Router</title>
        <link rel="icon" href="/icon.svg" />
        <Meta />
        <Links />
      </head>
      <body>
        <header>
          <a href="/">
            <img src="/icon.svg" alt="" width="32" height="32" />
            React Router
          </a>
        </header>
        <main>{children}</main>
        <ScrollRestoration />
        <Scripts />
      </body>
    </html>
  );
}

export default function App({ loaderData: { user, impersonator } }: Route.ComponentProps) {
  return (
    <>
      {impersonator && (
        <p role="status">
          You are impersonating {user?.email} as {impersonator.email}.
        </p>
      )}
      <Outlet />
    </>
  );
}

export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  const isAnswer = isRouteErrorResponse(error) && typeof error.data === 'string';
  return (
    <>
      <h1>{isRouteErrorResponse(error) && error.status === 404 ? 'Nothing here' : 'That did not work'}</h1>
      <p>{isAnswer ? error.data : 'Something failed on our side. Please try again.'}</p>
      <nav>
        <a className="primary" href="/">
          Back to the start
        </a>
        <a href="/login">Sign in again</a>
      </nav>
    </>
  );
}
