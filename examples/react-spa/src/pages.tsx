import { useAuth } from '@workos-inc/authkit-react';
import { Link, Outlet } from 'react-router';

export function Layout() {
  const { user, impersonator } = useAuth();
  return (
    <>
      <header>
        <Link to="/">
          <img src="/icon.svg" alt="" width="32" height="32" />
          React without a server
        </Link>
      </header>
      {user && impersonator && (
        <p className="banner" role="status">
          You are impersonating <strong>{user.email}</strong> as {impersonator.email}.
        </p>
      )}
      <main>
        <Outlet />
      </main>
    </>
  );
}

export function Home() {
  const { isLoading, user } = useAuth();
  if (isLoading) return <p role="status">One moment…</p>;
  if (!user) {
    return (
      <>
        <h1>Welcome</h1>
        <p>A React app that is files on a web server. Its sign-in is hosted: it never sees a password.</p>
        <nav>
          <Link className="primary" to="/login">
            Sign in
          </Link>
          <Link to="/login?screen_hint=sign-up">Sign up</Link>
        </nav>
      </>
    );
  }
  return (
    <>
      <h1>{user.firstName ? `Hello, ${user.firstName}` : 'Hello'}</h1>
      <p>
        You are signed in as <strong>{user.email}</strong>.
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

// docs: sign-out
export function SignOut() {
  const { signOut } = useAuth();
  return (
    <button type="button" onClick={() => signOut({ returnTo: `${window.location.origin}/` })}>
      Sign out
    </button>
  );
}
// docs: end

export function NotFound() {
  return (
    <>
      <h1>Nothing here</h1>
      <p>There is no page at this address.</p>
      <nav>
        <Link to="/">Back to the start</Link>
      </nav>
    </>
  );
}
