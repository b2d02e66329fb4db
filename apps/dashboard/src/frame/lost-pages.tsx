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
  const here = new URLSearchParams({ return_to: window.location.pathname + window.location.search });
  return (
    <main className="alone">
      <h1>You are signed out</h1>
      <p>The sign-in did not hold. Allow cookies for this address, and try again.</p>
      <Button asChild>
        <a href={`${signInPath}?${here}`}>Sign in again</a>
      </Button>
    </main>
  );
}
