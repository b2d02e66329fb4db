'use client';

import { useAuth } from '@workos-inc/authkit-nextjs/components';
import { useEffect } from 'react';
import { Details } from '../details';
import { SignOutButton } from '../sign-out-button';

export default function Profile() {
  const { user, sessionId, loading, getAuth, ...details } = useAuth({ ensureSignedIn: true });

  // A session can end while the page is open. Whoever comes back to this tab is asked for again.
  useEffect(() => {
    const askAgain = () => void getAuth();
    window.addEventListener('focus', askAgain);
    return () => window.removeEventListener('focus', askAgain);
  }, [getAuth]);

  // Nothing private before it is known who is looking: the SDK sends everybody else to sign in.
  if (loading || !user || !sessionId) return <h1>One moment…</h1>;
  return (
    <>
      <h1>Profile</h1>
      <p>Only signed-in people see this page. It is a client component.</p>
      <Details user={user} sessionId={sessionId} {...details} />
      <nav>
        <a href="/account">Back to the account</a>
        <SignOutButton />
      </nav>
    </>
  );
}
