import { type Attempt, accountOf, finishAttempt, membershipOf, nextStep, withWaysIn } from '../attempts/index.ts';
import {
  answerUrl,
  base62,
  type CookieToSet,
  type Db,
  type Reply,
  reply,
  Secret,
  type Services,
} from '../core/index.ts';
import { markChecklistStep } from '../environments/index.ts';
import { issueCode } from '../oauth/index.ts';
import { deviceCookie, noteDevice } from '../radar/index.ts';
import {
  authenticatedAtOf,
  authenticationMethodOf,
  browserCookie,
  createBrowserSession,
  holdBrowserSession,
  lastingProofs,
  recordReauthentication,
  recordSignIn,
  signOnOf,
} from '../sessions/index.ts';
import { tieTokens } from '../social/index.ts';
import { holdActiveConnection } from '../sso/index.ts';
import { lockUser, noteSignIn, type UserRow } from '../users/index.ts';
import type { OpenAttempt } from './browser.ts';
import { lastMethodCookie } from './last-method.ts';
import { acceptRedirect } from './redirects.ts';

/**
 * Ends an attempt: signs the person in in this browser, issues the code and sends them back to the app, or on to the page
 * of ours that they wanted.
 *
 * The code and the browser's token are derived from the attempt, so that a form that was sent twice leads to the same
 * place twice instead of to an error; the code still works once.
 *
 * @returns null when the attempt is not complete after all, or moved on underneath
 */
export async function finish(services: Services, open: OpenAttempt): Promise<Reply | null> {
  const { attempt, client } = open;
  const { destination } = attempt.request;
  const { code, browserToken } = derived(services, attempt);
  if (!attempt.finishedAt) {
    // The list may have changed since the attempt began; nobody is sent where the owner no longer wants it.
    if (destination.kind === 'app') await acceptRedirect(services, client, destination.redirectUri);
    if (!(await complete(services, open, code, browserToken))) return null;
  }
  return reply.redirect(locationOf(attempt, code), {
    status: 303,
    cookies: attempt.impersonator ? [] : cookiesOf(open, browserToken),
  });
}

/** They are signed in here, and the browser is known and remembers how. */
const cookiesOf = ({ attempt, client, tenant, device }: OpenAttempt, browserToken: Secret): CookieToSet[] => [
  browserCookie(client.environment, browserToken),
  ...deviceCookie(tenant, device),
  lastMethodCookie(tenant, authenticationMethodOf(attempt.proven)),
];

function locationOf({ request: { destination } }: Attempt, code: Secret): string {
  switch (destination.kind) {
    case 'app':
      return answerUrl(destination.redirectUri, { code: code.reveal() }, destination.state);
    case 'page':
      return destination.path;
    case 'api':
      throw new Error('An attempt of the API ends there.');
  }
}

function derived({ vault }: Services, attempt: Attempt): { code: Secret; browserToken: Secret } {
  const derive = (purpose: string): Secret => new Secret(base62(vault.mac(purpose, attempt.id)));
  return { code: derive('authorization-code'), browserToken: derive('browser-session') };
}

async function complete(services: Services, open: OpenAttempt, code: Secret, browserToken: Secret): Promise<boolean> {
  const { attempt, client, tenant } = open;
  const { db, now } = services;
  return db.transaction(async (tx: Db) => {
    // Held until the end: a change of password or address either finds what begins here, or is seen here.
    const user = attempt.userId === null ? null : await lockUser(tx, tenant, attempt.userId);
    if (!user) return false;
    const found = await accountOf(tx, tenant, user, attempt.proven);
    const account = await withWaysIn(services, tx, tenant, client.environment, found);
    if (nextStep(attempt, account, client.environment.settings) !== 'complete') return false;
    const at = now();
    // Before what it ends: whoever switches it off holds it first, too.
    const signOn = signOnOf(attempt.proven);
    if (signOn && !(await holdActiveConnection(tx, tenant, signOn.connectionId))) return false;
    const { browserSessionId } = attempt.answers;
    if (browserSessionId !== undefined && !(await holdBrowserSession(tx, tenant, browserSessionId, at))) return false;
    if (!(await finishAttempt(tx, attempt, at))) return false;
    const organizationId = membershipOf(attempt, account)?.organizationId ?? null;
    // Whoever acts as somebody else is not signed in as them at our own pages.
    const browserSession = attempt.impersonator
      ? null
      : await signInBrowser(services, tx, open, user, organizationId, browserToken);
    if (browserSession) {
      const { device, place, locale } = open;
      await noteDevice(services, tx, tenant, { user, device, ...place, clientId: client.clientId, locale });
      // Proofs that come from the sign-in before are none anew.
      const isProvedAnew = attempt.request.asksAgain && browserSession.isAgain && browserSessionId === undefined;
      if (isProvedAnew) await recordReauthentication(services, tx, tenant, user, place);
    }
    if (attempt.request.destination.kind === 'page') await noteSignIn(tx, tenant, user.id, at);
    else await issueCodeFor(services, tx, open, user, organizationId, browserSession?.id ?? null, code);
    // Nobody signed in whom the person or the counts should hear of; the impersonation has events of its own.
    if (attempt.impersonator) return true;
    await recordSignIn(services, tx, tenant, user, authenticationMethodOf(attempt.proven));
    await markChecklistStep(tx, tenant, 'test_sign_in');
    return true;
  });
}

function signInBrowser(
  services: Services,
  tx: Db,
  { attempt, client, tenant, place, browserToken: replaced }: OpenAttempt,
  user: UserRow,
  organizationId: string | null,
  token: Secret,
): ReturnType<typeof createBrowserSession> {
  return createBrowserSession(services, tx, tenant, client.environment.settings, {
    userId: user.id,
    token,
    replaced,
    authenticationMethod: authenticationMethodOf(attempt.proven),
    proven: lastingProofs(attempt.proven),
    organizationId,
    authenticatedAt: authenticatedAtOf(attempt.proven),
    ...place,
  });
}

async function issueCodeFor(
  services: Services,
  tx: Db,
  { attempt, client, tenant, place }: OpenAttempt,
  user: UserRow,
  organizationId: string | null,
  browserSessionId: string | null,
  code: Secret,
): Promise<void> {
  const { destination } = attempt.request;
  if (destination.kind !== 'app') return;
  await issueCode(services, tx, tenant, code, {
    client,
    redirectUri: destination.redirectUri,
    userId: user.id,
    browserSessionId,
    organizationId,
    authenticationMethod: authenticationMethodOf(attempt.proven),
    proven: lastingProofs(attempt.proven),
    impersonator: attempt.impersonator,
    attemptId: null,
    authenticatedAt: authenticatedAtOf(attempt.proven),
    codeChallenge: destination.codeChallenge,
    needsClientSecret: destination.isOnSharedGround,
    ...place,
  });
  await tieTokens(tx, tenant, attempt.id, code.hash());
}
