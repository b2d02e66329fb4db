import { createFileRoute, getRouteApi, Link } from '@tanstack/react-router';
import { SignOut } from '../sign-out';

export const Route = createFileRoute('/')({ component: Home });

function Home() {
  const { user } = getRouteApi('__root__').useLoaderData();
  if (!user) {
    return (
      <>
        <h1>Welcome</h1>
        <p>A small TanStack Start app whose sign-in is hosted: it never sees a password.</p>
        <nav>
          <a className="primary" href="/login">
            Sign in
          </a>
          <a href="/login?screen_hint=sign-up">Sign up</a>
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
        <Link className="primary" to="/account/$" params={{ _splat: '' }}>
          Account
        </Link>
        <SignOut />
      </nav>
    </>
  );
}
