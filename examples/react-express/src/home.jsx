import { SignOut } from './form.jsx';

// docs: home
export function Home({ me }) {
  if (!me) {
    return (
      <>
        <h1>Welcome</h1>
        <p>A small React app on an Express server. Its sign-in is hosted: it never sees a password.</p>
        <nav>
          <a className="primary" href="/login">
            Sign in
          </a>
          <a href="/login?screen_hint=sign-up">Sign up</a>
        </nav>
      </>
    );
  }
  const { firstName, email } = me.user;
  return (
    <>
      <h1>{firstName ? `Hello, ${firstName}` : 'Hello'}</h1>
      <p>
        You are signed in as <strong>{email}</strong>
      </p>
      <nav>
        <a className="primary" href="/account">
          Account
        </a>
        <SignOut />
      </nav>
    </>
  );
}
// docs: end
