import {
  after,
  bareUlid,
  type Db,
  EntityNotFound,
  newId,
  type Services,
  seconds,
  systemTenant,
  type Tenant,
} from '../core/index.ts';
import type { Client, Settings } from '../environments/index.ts';
import { recordEvent } from '../events/index.ts';
import { signAccessToken } from '../keys/index.ts';
import { findMembership, holdMembership } from '../organizations/index.ts';
import type { AuthenticationMethod } from '../protocol/index.ts';
import {
  endBrowserSession,
  endBrowserSessionsOfConnection,
  endBrowserSessionsOfUser,
} from './browser-session.store.ts';
import type { Impersonator, Proven } from './proven.ts';
import { toWire } from './schema.ts';
import {
  type EndReason,
  endSession,
  endSessionsElsewhere,
  endSessionsOfConnection,
  endSessionsOfMember,
  endSessionsOfUser,
  findSession,
  insertSession,
  type SessionRow,
} from './store.ts';

interface NewSession {
  readonly userId: string;
  readonly client: Client;
  readonly browserSessionId: string | null;
  readonly organizationId: string | null;
  readonly authenticationMethod: AuthenticationMethod;
  readonly proven: Proven;
  readonly impersonator: Impersonator | null;
  readonly authenticatedAt: Date;
  /** Of the person's browser, not of the app's server. */
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
}

/** Longest somebody may act as somebody else; no refresh extends it. */
export const impersonationMinutes = 60;

/**
 * Starts a session for an app. Its first refresh token is of generation 0.
 *
 * @throws {OrganizationMembershipNotFound} when the person is no member of the organization any more
 */
export async function createSession(
  services: Services,
  tx: Db,
  tenant: Tenant,
  wanted: NewSession,
): Promise<SessionRow> {
  const at = services.now();
  const { client, ...rest } = wanted;
  if (wanted.organizationId !== null) await holdMembership(tx, tenant, wanted.userId, wanted.organizationId);
  const { sessionMaxSeconds } = client.environment.settings;
  const maxSeconds = wanted.impersonator ? Math.min(impersonationMinutes * 60, sessionMaxSeconds) : sessionMaxSeconds;
  const expiresAt = after(at, seconds(maxSeconds));
  const session: SessionRow = {
    ...rest,
    id: newId('session', at),
    environmentId: tenant.environmentId,
    clientId: client.clientId,
    refreshGeneration: 0,
    refreshedAt: null,
    recentRefreshes: null,
    lastJti: bareUlid(at),
    idleExpiresAt: idleUntil(client.environment.settings, at, expiresAt),
    expiresAt,
    endedAt: null,
    endReason: null,
    createdAt: at,
    updatedAt: at,
  };
  await insertSession(tx, session);
  await recordEvent(services, tx, tenant, {
    name: 'session.created',
    data: toWire(session, at),
    userId: session.userId,
  });
  return session;
}

/** Inactivity counts from now, and never beyond the session's own end. */
export function idleUntil(settings: Settings, at: Date, expiresAt: Date): Date {
  const idle = after(at, seconds(settings.sessionIdleSeconds));
  return idle < expiresAt ? idle : expiresAt;
}

/**
 * The access token of a session as it stands: `iat` is its last refresh, so that a replay gets the same claims.
 *
 * @param own - claims of the environment's own. They may say something else than we about roles and permissions, which
 *   no endpoint of ours reads from a token; everything else that we say stands
 */
export async function accessTokenOf(
  services: Services,
  session: SessionRow,
  client: Client,
  own: Readonly<Record<string, unknown>>,
): Promise<string> {
  const issuedAt = Math.floor((session.refreshedAt ?? session.createdAt).getTime() / 1000);
  const member = await memberClaims(services, session);
  return signAccessToken(services, session.environmentId, {
    ...member,
    ...own,
    sub: session.userId,
    sid: session.id,
    jti: session.lastJti ?? bareUlid(session.createdAt),
    iat: issuedAt,
    exp: expiryOf(session, issuedAt + client.environment.settings.accessTokenSeconds),
    auth_time: Math.floor(session.authenticatedAt.getTime() / 1000),
    client_id: client.clientId,
    ...(member.org_id === undefined ? {} : { org_id: member.org_id }),
    ...(session.impersonator === null ? {} : { act: { sub: session.impersonator.email } }),
  });
}

type MemberClaims = Partial<Pick<Parameters<typeof signAccessToken>[2], 'org_id' | 'role' | 'roles' | 'permissions'>>;

/** Where the person acts, and as what: roles may have changed since the last token. Roles carry no permissions yet. */
async function memberClaims(
  { db }: Pick<Services, 'db'>,
  { environmentId, organizationId, userId }: SessionRow,
): Promise<MemberClaims> {
  if (organizationId === null) return {};
  const membership = await findMembership(db, systemTenant(environmentId), organizationId, userId);
  if (!membership) return { org_id: organizationId };
  const { roles } = membership;
  return { org_id: organizationId, role: roles[0] ?? '', roles, permissions: [] };
}

/** Minutes matter to somebody who acts as somebody else: their token ends with the session, others may outlive it. */
const expiryOf = ({ impersonator, expiresAt }: SessionRow, usual: number): number =>
  impersonator ? Math.min(usual, Math.floor(expiresAt.getTime() / 1000)) : usual;

/**
 * Ends a session, and the browser's own sign-in that it came from: otherwise the next click would sign the person in
 * again.
 *
 * @returns false when it had ended before
 */
export async function revokeSession(
  services: Services,
  tx: Db,
  tenant: Tenant,
  id: string,
  reason: EndReason,
): Promise<boolean> {
  const at = services.now();
  const session = await endSession(tx, tenant, id, reason, at);
  if (!session) return false;
  if (session.browserSessionId) await endBrowserSession(tx, tenant, session.browserSessionId, at);
  await recordRevocation(services, tx, tenant, session);
  return true;
}

/** @throws {EntityNotFound} when there is no such session in this environment */
export async function revokeSessionById(services: Services, tenant: Tenant, id: string): Promise<void> {
  if (!(await findSession(services.db, tenant, id))) throw new EntityNotFound('Session', id);
  await services.db.transaction((tx) => revokeSession(services, tx, tenant, id, 'revoked'));
}

/** Ends everything of a user, at apps and in browsers. @param except - a session that goes on */
export async function revokeSessionsOfUser(
  services: Services,
  tx: Db,
  tenant: Tenant,
  userId: string,
  reason: EndReason,
  except: string | null = null,
): Promise<void> {
  const at = services.now();
  // Browsers first: a code being exchanged holds the sign-in it came from, and the session it makes must be seen below.
  await endBrowserSessionsOfUser(tx, tenant, userId, at);
  const ended = await endSessionsOfUser(tx, tenant, userId, reason, at, except);
  for (const session of ended) await recordRevocation(services, tx, tenant, session);
}

/** Ends everything of a user but one browser's sign-in and what was opened in it. */
export async function revokeSessionsElsewhere(
  services: Services,
  tx: Db,
  tenant: Tenant,
  userId: string,
  browserSessionId: string,
): Promise<void> {
  const at = services.now();
  // Browsers first: a code being exchanged holds the sign-in it came from, and the session it makes must be seen below.
  await endBrowserSessionsOfUser(tx, tenant, userId, at, browserSessionId);
  const ended = await endSessionsElsewhere(tx, tenant, userId, browserSessionId, at);
  for (const session of ended) await recordRevocation(services, tx, tenant, session);
}

/** Ends what a user has in one organization. They stay signed in in their browser, and may choose another one there. */
export async function revokeSessionsOfMember(
  services: Services,
  tx: Db,
  tenant: Tenant,
  userId: string,
  organizationId: string,
): Promise<void> {
  const ended = await endSessionsOfMember(tx, tenant, userId, organizationId, services.now());
  for (const session of ended) await recordRevocation(services, tx, tenant, session);
}

/** Ends what began at an organization's identity provider, which speaks for nobody here any more. */
export async function revokeSessionsOfConnection(
  services: Services,
  tx: Db,
  tenant: Tenant,
  connectionId: string,
): Promise<void> {
  const at = services.now();
  // Browsers first, as above.
  await endBrowserSessionsOfConnection(tx, tenant, connectionId, at);
  const ended = await endSessionsOfConnection(tx, tenant, connectionId, at);
  for (const session of ended) await recordRevocation(services, tx, tenant, session);
}

async function recordRevocation(services: Services, tx: Db, tenant: Tenant, session: SessionRow): Promise<void> {
  await recordEvent(services, tx, tenant, {
    name: 'session.revoked',
    data: toWire(session, services.now()),
    userId: session.userId,
  });
}
