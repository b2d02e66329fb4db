import { ApiError, authenticatedTenant, type CookieToSet, type Services, type Tenant } from '../core/index.ts';
import { type Client, defaultSignOutRedirect, findClient, matchSignOutRedirect } from '../environments/index.ts';
import { clearedBrowserCookie, findSessionAnywhere, revokeSession, type SessionRow } from '../sessions/index.ts';

/** The session is over; only the way back is missing. */
export class SignOutRedirectMissing extends ApiError {
  static override readonly code = 'sign_out_redirect_missing';
  static override readonly status = 400;
}

export class SignOutRedirectInvalid extends ApiError {
  static override readonly code = 'sign_out_redirect_invalid';
  static override readonly status = 400;
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
export async function signOut(services: Services, sessionId: string, returnTo: string | undefined): Promise<SignedOut> {
  const session = await findSessionAnywhere(services.db, sessionId);
  if (session) await end(services, session);
  const client = session && (await findClient(services, session.clientId));
  const cookies = session ? [clearedBrowserCookie(session.environmentId)] : [];
  return { cookies, destination: await destinationOf(services, client, returnTo, cookies) };
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
  if (client && returnTo !== undefined) {
    if (await matchSignOutRedirect(services, client, returnTo)) return returnTo;
    const message =
      'You are signed out. The address to return to is not among the sign-out redirects of this application: add it under Redirects in the dashboard.';
    return new SignOutRedirectInvalid(message, {}, { cookies });
  }
  const fallback = client && (await defaultSignOutRedirect(services, client));
  if (fallback) return fallback;
  const message =
    'You are signed out. This application has no sign-out redirect yet: add one under Redirects in the dashboard.';
  return new SignOutRedirectMissing(message, {}, { cookies });
}
