import { createHash } from 'node:crypto';
import { acceptFor, accountOf, policyStep } from '../attempts/index.ts';
import { after, type Db, minutes, type Secret, type Services, sameText, seconds, type Tenant } from '../core/index.ts';
import type { Client } from '../environments/index.ts';
import { recordEvent } from '../events/index.ts';
import type { Template } from '../jwt-templates/index.ts';
import type { AuthenticationMethod } from '../protocol/index.ts';
import {
  holdBrowserSession,
  type Impersonator,
  type Proven,
  revokeSession,
  type SessionRow,
} from '../sessions/index.ts';
import { findUser, noteSignIn } from '../users/index.ts';
import { beginSession, isStillEnough, isStillProved } from './begin-session.ts';
import { type CodeRow, findCode, insertCode, noteSession, spendCode } from './store.ts';

/** RFC 6749 section 4.1.2 recommends at most ten minutes; the guides promise ten. */
const codeLifetimeMs = minutes(10);
/** A callback that runs twice in development repeats itself within seconds. */
const harmlessRepeatMs = seconds(60);

/** What a code stands for. */
interface CodeGrant {
  readonly client: Client;
  readonly redirectUri: string;
  readonly userId: string;
  readonly browserSessionId: string | null;
  readonly organizationId: string | null;
  readonly authenticationMethod: AuthenticationMethod;
  readonly proven: Proven;
  readonly impersonator: Impersonator | null;
  /** The attempt that is not finished, when the app asks for what is missing itself. */
  readonly attemptId: string | null;
  readonly authenticatedAt: Date;
  readonly codeChallenge: string | null;
  readonly needsClientSecret: boolean;
  /** Of the person's browser. */
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
}

/** Writes down an authorization code; the caller sends it to the redirect URI. */
export async function issueCode(
  { now }: Pick<Services, 'now'>,
  tx: Db,
  tenant: Tenant,
  code: Secret,
  grant: CodeGrant,
): Promise<void> {
  const at = now();
  const { client, needsClientSecret, ...rest } = grant;
  await insertCode(tx, {
    ...rest,
    codeHash: code.hash(),
    environmentId: tenant.environmentId,
    clientId: client.clientId,
    hasSecretRequired: needsClientSecret,
    expiresAt: after(at, codeLifetimeMs),
    redeemedAt: null,
    redeemedByHash: null,
    sessionId: null,
    createdAt: at,
  });
}

interface CodePresentation {
  readonly code: Secret;
  readonly client: Client;
  readonly jwtTemplate: Template | null;
  /** Whether the client proved its secret. */
  readonly isConfidential: boolean;
  /** As sent: 43 to 128 characters (RFC 7636 section 4.1). */
  readonly codeVerifier: string | null;
  /** Accepted together with the code. */
  readonly invitationId: string | null;
  /** Where the app says them of the person; else they are those of the browser that asked for the code. */
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
}

export type Redemption =
  | { readonly outcome: 'redeemed'; readonly session: SessionRow }
  /** Something is missing before there can be a session; the attempt says what. */
  | { readonly outcome: 'unfinished'; readonly attemptId: string }
  | {
      readonly outcome:
        | 'unknown'
        | 'replayed'
        | 'expired'
        | 'other_client'
        | 'wrong_verifier'
        | 'verifier_missing'
        | 'no_challenge'
        | 'secret_required'
        | 'signed_out';
    };

/**
 * Redeems an authorization code, once (RFC 6749 section 4.1.2), and starts the session it stands for.
 *
 * The statement that reads the code also spends it, so two requests racing with one code cannot both win; whatever is
 * wrong with the presentation, the code is burnt.
 *
 * @returns the session, or why there is none: every reason is answered `invalid_grant`, except a verifier for a code
 *   without a challenge
 * @throws {TokenTooBig} and the code stays good
 */
export async function redeemCode(services: Services, tenant: Tenant, presented: CodePresentation): Promise<Redemption> {
  const { db, now } = services;
  const presenter = presenterHash(services, presented);
  return db.transaction(async (tx) => {
    const at = now();
    const spent = await spendCode(tx, tenant, presented.code.hash(), presenter, at);
    if (!spent) return replayOf(services, tx, tenant, presented, presenter);
    const fault = faultOf(spent, presented, at);
    if (fault) return { outcome: fault };
    const user = await findUser(tx, tenant, spent.userId);
    if (!user) return { outcome: 'unknown' };
    if (spent.attemptId !== null) return { outcome: 'unfinished', attemptId: spent.attemptId };
    const stands =
      (await isStillProved(tx, tenant, spent)) && (await isStillEnough(tx, tenant, presented.client, user, spent));
    if (!stands) return { outcome: 'signed_out' };
    // An operator who acts as somebody does not make them look as if they had been here.
    if (!spent.impersonator) await noteSignIn(tx, tenant, spent.userId, at);
    // Who was signed out, revoked or given a new password since does not come back by a code from before.
    if (spent.browserSessionId && !(await holdBrowserSession(tx, tenant, spent.browserSessionId, at)))
      return { outcome: 'signed_out' };
    const invitedTo = await acceptWith(services, tx, tenant, presented, spent);
    const session = await beginSession(services, tx, tenant, presented.jwtTemplate, {
      userId: spent.userId,
      client: presented.client,
      browserSessionId: spent.browserSessionId,
      organizationId: invitedTo ?? spent.organizationId,
      authenticationMethod: spent.authenticationMethod,
      proven: spent.proven,
      impersonator: spent.impersonator,
      authenticatedAt: spent.authenticatedAt,
      ipAddress: presented.ipAddress ?? spent.ipAddress,
      userAgent: presented.userAgent ?? spent.userAgent,
    });
    await noteSession(tx, tenant, spent.codeHash, session.id);
    return { outcome: 'redeemed', session };
  });
}

/**
 * Accepts the invitation that came with the code.
 *
 * @returns the organization it leads to, if what was proved satisfies what that asks; else the person is a member, and
 *   the session stays where the sign-in went
 * @throws {InvitationInvalid}
 * @throws {InvitationCannotBeUsedForEmail}
 */
async function acceptWith(
  services: Services,
  tx: Db,
  tenant: Tenant,
  { invitationId, client }: CodePresentation,
  { userId, proven, impersonator }: CodeRow,
): Promise<string | null> {
  // Whoever acts as somebody accepts nothing for them.
  if (invitationId === null || impersonator) return null;
  const organizationId = await acceptFor(services, tx, tenant, invitationId, userId);
  const user = await findUser(tx, tenant, userId);
  const account = user && (await accountOf(tx, tenant, user, proven));
  const membership = account?.memberships.find((each) => each.organizationId === organizationId);
  if (!account || !membership) return null;
  const missing = policyStep(proven, account, client.environment.settings, membership);
  return missing === null ? organizationId : null;
}

type Fault = Exclude<Redemption['outcome'], 'redeemed' | 'unfinished' | 'unknown' | 'replayed' | 'signed_out'>;

function faultOf(code: CodeRow, { client, isConfidential, codeVerifier }: CodePresentation, at: Date): Fault | null {
  if (code.expiresAt <= at) return 'expired';
  if (code.clientId !== client.clientId) return 'other_client';
  if (code.hasSecretRequired && !isConfidential) return 'secret_required';
  if (code.codeChallenge === null)
    return codeVerifier === null ? (isConfidential ? null : 'secret_required') : 'no_challenge';
  if (codeVerifier === null) return 'verifier_missing';
  return provesChallenge(codeVerifier, code.codeChallenge) ? null : 'wrong_verifier';
}

/** RFC 7636 section 4.6, S256: BASE64URL(SHA256(ASCII(code_verifier))). */
function provesChallenge(codeVerifier: string, codeChallenge: string): boolean {
  if (!/^[A-Za-z0-9\-._~]{43,128}$/.test(codeVerifier)) return false;
  return sameText(createHash('sha256').update(codeVerifier).digest('base64url'), codeChallenge);
}

function presenterHash(
  { vault }: Pick<Services, 'vault'>,
  { client, isConfidential, codeVerifier }: CodePresentation,
): string {
  const presenter = JSON.stringify([client.clientId, isConfidential, codeVerifier]);
  return vault.mac('code-presenter', presenter).toString('base64url');
}

/**
 * A code used a second time. An identical repeat within a minute is an app whose callback ran twice, and the session
 * it got stays; anything else is somebody with a stolen code, and the session ends (RFC 6749 section 4.1.2).
 */
async function replayOf(
  services: Services,
  tx: Db,
  tenant: Tenant,
  presented: CodePresentation,
  presenter: string,
): Promise<Redemption> {
  const code = await findCode(tx, tenant, presented.code.hash());
  if (!code?.redeemedAt) return { outcome: 'unknown' };
  const isRepeat = code.redeemedByHash === presenter && services.now() <= after(code.redeemedAt, harmlessRepeatMs);
  if (!isRepeat && code.sessionId) await revokeSession(services, tx, tenant, code.sessionId, 'code_replayed');
  await recordEvent(services, tx, tenant, {
    name: 'authorization_code.replayed',
    data: { session_id: code.sessionId, user_id: code.userId, harmless: isRepeat },
    userId: code.userId,
  });
  return { outcome: 'replayed' };
}
