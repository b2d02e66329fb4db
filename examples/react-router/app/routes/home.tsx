import { Link } from 'react-router';
import { SignOut } from '../sign-out';
import type { Route } from './+types/home';

export default function Home({ matches: [root] }: Route.ComponentProps) {
  const { user, signInUrl, signUpUrl } = root.loaderData;
  if (!user) {
    return (
      <>
        <h1>Welcome</h1>
        <p>A small React Router app whose sign-in is hosted: it never sees a password.</p>
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
