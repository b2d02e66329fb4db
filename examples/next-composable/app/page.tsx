import { withAuth } from '@workos-inc/authkit-nextjs';
import { SignOutButton } from './sign-out-button';

export default async function Home() {
  const { user } = await withAuth();
  if (!user) {
    return (
      <>
        <h1>Welcome</h1>
        <p>A small Next.js app whose middleware has more to do than sign-in.</p>
        <nav>
          {/* Plain links: a <Link> would be fetched ahead, and each fetch starts a sign-in. */}
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
        <a className="primary" href="/account">
          Account
        </a>
        <SignOutButton />
      </nav>
    </>
  );
}
