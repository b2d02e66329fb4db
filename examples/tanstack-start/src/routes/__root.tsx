import { createRootRoute, HeadContent, Link, Outlet, Scripts } from '@tanstack/react-router';
import { createServerFn } from '@tanstack/react-start';
import { getAuthKitContext } from '@workos/authkit-tanstack-react-start';
import styles from '../style.css?url';

/** Not the SDK's `getAuth`, whose answer holds the access token: what a loader returns is part of the page. */
const getPerson = createServerFn({ method: 'GET' }).handler(() => {
  const auth = getAuthKitContext().auth();
  return { user: auth.user, impersonator: auth.user ? auth.impersonator : undefined };
});

export const Route = createRootRoute({
  loader: () => getPerson(),
  head: () => ({
    meta: [
      { charSet: 'utf-8' },
      { name: 'viewport', content: 'width=device-width, initial-scale=1' },
      { title: 'TanStack Start' },
    ],
    links: [
      { rel: 'icon', href: '/icon.svg' },
      { rel: 'stylesheet', href: styles },
    ],
  }),
  component: Root,
  notFoundComponent: () => <h1>Nothing here</h1>,
  errorComponent: () => <h1>That did not work</h1>,
});

function Root() {
  const { user, impersonator } = Route.useLoaderData();
  return (
    <html lang="en">
      <head>
        <HeadContent />
      </head>
      <body>
        <header>
          <Link to="/">
            <img src="/icon.svg" alt="" width="32" height="32" />
            TanStack Start
          </Link>
        </header>
        <main>
          {impersonator && (
            <p role="status">
              You are impersonating {user?.email} as {impersonator.email}.
            </p>
          )}
          <Outlet />
        </main>
        <Scripts />
      </body>
    </html>
  );
}
