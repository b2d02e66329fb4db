import { Button } from '@radix-ui/themes';
import { Link, useRouter } from '@tanstack/react-router';
import { signInPath } from '../core/api.ts';
import { sentenceOf } from '../core/problems.ts';
import { Page } from '../parts/page.tsx';

export function UnknownPage() {
  return (
    <Page title="Page not found" sentence="Nothing lives at this address. It may have been moved or mistyped.">
      <Link to="/" className="text-link">
        Go to Overview
      </Link>
    </Page>
  );
}

export function BrokenPage({ error }: { error: unknown }) {
  const router = useRouter();
  return (
    <Page title="This page could not be shown" sentence={sentenceOf(error)}>
      <Button variant="outline" color="gray" onClick={() => router.invalidate()}>
        Try again
      </Button>
    </Page>
  );
}

/** Shown when a sign-in has just happened and the server still does not know the browser. */
export function SignedOutPage() {
  return (
    <main className="alone">
      <h1>You are signed out</h1>
      <p>Your session has ended. If this comes up again right after signing in, allow cookies for this address.</p>
      <a className="text-link" href={signInPath}>
        Sign in again
      </a>
    </main>
  );
}
