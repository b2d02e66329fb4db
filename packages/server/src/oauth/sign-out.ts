import { authenticatedTenant, type CookieToSet, type RequestInfo, type Services, type Tenant } from '../core/index.ts';
import {
  type Client,
  defaultSignOutRedirect,
  findClient,
  isShownHere,
  matchSignOutRedirect,
  toRedirects,
  wayToAdd,
} from '../environments/index.ts';
import {
  clearedBrowserCookie,
  findSessionAnywhere,
  findSessionOfToken,
  revokeSession,
  type SessionRow,
} from '../sessions/index.ts';
import { type DeadEnd, PageError } from '../texts/index.ts';
import { refreshTokenCookie, takenFromBrowser } from './browser-transport.ts';

/** The session is over; only the way back is missing. */
export class SignOutRedirectMissing extends PageError {
  static override readonly code = 'sign_out_redirect_missing';
}

export class SignOutRedirectInvalid extends PageError {
  static override readonly code = 'sign_out_redirect_invalid';
}

export interface SignedOut {
  readonly cookies: readonly CookieToSet[];
  /** Where the person goes on, or why nowhere. */
  readonly destination: string | SignOutRedirectMissing | SignOutRedirectInvalid;
}

/**
 * Signs a person out (`GET /user_management/sessions/logout`). It asks for no credential, because the SDKs open it as a
 * link, and works for sessions that ended long ago. The session ends whatever is wrong with the way back.
 */
export async function signOut(
  services: Services,
  sessionId: string,
  returnTo: string | undefined,
  request: RequestInfo,
): Promise<SignedOut> {
  const named = await findSessionAnywhere(services.db, sessionId);
  const session = named && isShownHere(services, named.environmentId) ? named : null;
  if (session) await end(services, session);
  const client = session && (await findClient(services, session.clientId));
  const cookies = session ? await clearedCookies(services, session, request) : [];
  if (session?.impersonator && returnTo === undefined)
    return { cookies, destination: `${services.config.serverUrl}/dashboard/users/${session.userId}` };
  return { cookies, destination: await destinationOf(services, client, returnTo, cookies) };
}

/** A device's session, and an operator's as somebody else, came from no sign-in of this browser, so that one stays. */
async function clearedCookies(
  services: Services,
  session: SessionRow,
  request: RequestInfo,
): Promise<readonly CookieToSet[]> {
  const ours = session.browserSessionId === null ? [] : [clearedBrowserCookie(session.environmentId)];
  return [...ours, ...(await takeSession(services, session, request))];
}

/**
 * Ends what the same app keeps in this browser for the same person: a tab that signed out with the session of before
 * must not find itself signed in by the newer one. Somebody else's is none of this sign-out's business.
 */
async function takeSession(services: Services, ended: SessionRow, request: RequestInfo): Promise<CookieToSet[]> {
  const token = refreshTokenCookie(request, ended);
  const kept = token === null ? null : await findSessionOfToken(services, tenantOf(ended), token);
  const isTheirs = kept === null || kept.userId === ended.userId;
  if (!isTheirs && !kept.endedAt) return [];
  if (kept && isTheirs) await end(services, kept);
  return takenFromBrowser(services, request, ended);
}

const tenantOf = (session: SessionRow): Tenant =>
  authenticatedTenant(session.environmentId, { type: 'user', id: session.userId, name: null });

async function end(services: Services, session: SessionRow): Promise<void> {
  if (session.endedAt) return;
  await services.db.transaction((tx) => revokeSession(services, tx, tenantOf(session), session.id, 'signed_out'));
}

async function destinationOf(
  services: Services,
  client: Client | null,
  returnTo: string | undefined,
  cookies: readonly CookieToSet[],
): Promise<SignedOut['destination']> {
  const fallback = client && returnTo === undefined ? await defaultSignOutRedirect(services, client) : null;
  if (fallback !== null) return fallback;
  if (client && returnTo !== undefined) {
    if (await matchSignOutRedirect(services, client, returnTo)) return returnTo;
    return new SignOutRedirectInvalid({
      ...stranded(client, cookies),
      developer: {
        title: 'This address is not among the sign-out redirects',
        rows: [{ label: 'Presented', value: returnTo.slice(0, 500) }],
        fix: wayToAdd(client.environment, 'sign_out_redirects', returnTo),
      },
    });
  }
  if (!client) return new SignOutRedirectMissing(nothingToEnd);
  return new SignOutRedirectMissing({
    ...stranded(client, cookies),
    developer: {
      title: 'This application has no sign-out redirect',
      rows: [{ label: 'What it is for', value: 'People are sent to it once their session has ended.' }],
      fix: toRedirects,
    },
  });
}

/** The link names no session of ours, so it may not say that one has ended, nor of which app. */
const nothingToEnd: DeadEnd = {
  heading: 'errors.nothingToSignOut',
  message: 'errors.nothingToSignOutWhy',
  advice: 'errors.nothingToSignOutAdvice',
};

function stranded(client: Client, cookies: readonly CookieToSet[]): DeadEnd {
  return {
    heading: 'errors.signedOut',
    message: 'errors.signedOutNowhere',
    restart: client.signInEndpoint ? { label: 'signIn.signInAgain', url: client.signInEndpoint } : null,
    clientId: client.clientId,
    cookies,
  };
}
