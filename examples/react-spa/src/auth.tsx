import { getClaims, useAuth } from '@workos-inc/authkit-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Link, useLocation, useSearchParams } from 'react-router';

/** A path of this app, or its start: a link may ask to come back to anywhere. */
export function ownPath(path: string | null | undefined): string {
  const { origin } = window.location;
  const url = path && URL.canParse(path, origin) ? new URL(path, origin) : null;
  return url?.origin === origin ? url.pathname + url.search + url.hash : '/';
}

// docs: sign-in
/**
 * The sign-in endpoint. Each sign-in starts here, those of a bookmark or of a mail included, because the answer can only
 * be exchanged by the browser that has the code verifier.
 */
export function SignIn() {
  const [query] = useSearchParams();
  const given = (name: string) => query.get(name) ?? undefined;
  useStartSignIn(true, {
    signUp: given('screen_hint') === 'sign-up',
    returnTo: ownPath(given('return_to')),
    loginHint: given('login_hint'),
    organizationId: given('organization_id'),
    invitationToken: given('invitation_token'),
  });
  return <Leaving />;
}
// docs: end

// docs: protect
/** What only signed-in people may see. Everybody else signs in and comes back to the same path. */
export function EnsureSignedIn({ children }: { children: ReactNode }) {
  const { isLoading, user } = useAuth();
  const { pathname, search } = useLocation();
  useStartSignIn(!isLoading && !user, { returnTo: pathname + search });
  return user ? children : <Leaving />;
}
// docs: end

/** Seen for a moment, and by those who came back with the browser's button. */
function Leaving() {
  return (
    <>
      <p role="status">One moment…</p>
      <nav>
        <Link to="/">Back to the start</Link>
      </nav>
    </>
  );
}

interface Wish {
  returnTo: string;
  signUp?: boolean;
  loginHint?: string | undefined;
  organizationId?: string | undefined;
  invitationToken?: string | undefined;
}

// docs: start
/** Once, however often React runs the effect: a second start would replace the code verifier of the first. */
function useStartSignIn(due: boolean, { returnTo, signUp, ...hints }: Wish) {
  const auth = useAuth();
  const started = useRef(false);
  useEffect(() => {
    if (!due || auth.isLoading || started.current) return;
    started.current = true;
    void auth[signUp ? 'signUp' : 'signIn']({ state: { returnTo }, ...hints });
  });
}
// docs: end

/** The session's id, which is a claim of the access token. Null until there is one. */
export function useSessionId(): string | null {
  const { user, getAccessToken } = useAuth();
  const [sessionId, setSessionId] = useState<string | null>(null);
  useEffect(() => {
    if (!user) return setSessionId(null);
    getAccessToken().then(
      (token) => setSessionId(getClaims(token).sid),
      () => setSessionId(null),
    );
  }, [user, getAccessToken]);
  return sessionId;
}
