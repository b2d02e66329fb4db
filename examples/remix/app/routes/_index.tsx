import { Link, useRouteLoaderData } from '@remix-run/react';
import type { loader as rootLoader } from '../root';
import { SignOut } from '../sign-out';

export default function Home() {
  const { user, signInUrl, signUpUrl } = useRouteLoaderData<typeof rootLoader>('root') ?? {};
  if (!user) {
    return (
      <>
        <h1>Welcome</h1>
        <p>A small Remix app whose sign-in is hosted: it never sees a password.</p>
        <nav>
          <a className="primary" href={signInUrl}>
            Sign in
          </a>
          <a href={signUpUrl}>Sign up</a>
        </nav>
      </>
    );
  }
  return (
    <>
      <h1>{user.firstName ? `Hello, ${user.firstName}` : 'Hello'}</h1>
      <p>
        You are signed in as <strong>{user.email}</strong>
      </p>
      <nav>
        <Link className="primary" to="/account">
          Account
        </Link>
        <SignOut />
      </nav>
    </>
  );
}
