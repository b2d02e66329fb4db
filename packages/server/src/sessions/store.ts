import { type Db, json, type Statement, sql, type Tenant } from '../core/index.ts';
import type { AuthenticationMethod } from '../protocol/index.ts';
import { purgeBrowserSessions } from './browser-session.store.ts';
import { type Impersonator, type Proven, restsOn } from './proven.ts';

export interface SessionRow {
  readonly id: string;
  readonly environmentId: string;
  readonly userId: string;
  readonly clientId: string;
  readonly browserSessionId: string | null;
  readonly organizationId: string | null;
  readonly authenticationMethod: AuthenticationMethod;
  /** Kept so that a refresh can ask whether a policy made since is satisfied. */
  readonly proven: Proven;
  readonly impersonator: Impersonator | null;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  /** How often it was refreshed; which refresh token is the current one follows from it. */
  readonly refreshGeneration: number;
  readonly refreshedAt: Date | null;
  /** When the last few refreshes were, newest first: milliseconds since 1970, each followed by a space. */
  readonly recentRefreshes: string | null;
  /** `jti` of the newest access token, so that a replayed refresh answers the same one. */
  readonly lastJti: string | null;
  /** When the person last proved who they are: `auth_time`, which a refresh does not move. */
  readonly authenticatedAt: Date;
  readonly idleExpiresAt: Date;
  readonly expiresAt: Date;
  readonly endedAt: Date | null;
  readonly endReason: EndReason | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type EndReason =
  | 'signed_out'
  | 'revoked'
  | 'refresh_token_reused'
  | 'code_replayed'
  | 'user_deleted'
  | 'credentials_changed'
  | 'factors_reset'
  | 'membership_ended'
  | 'connection_ended'
  | 'impersonation_off'
  /** It ran out, which is known of impersonated sessions alone; nobody ended it. */
  | 'expired';

export async function insertSession(db: Db, session: SessionRow): Promise<void> {
  await db.run(sql`
    insert into sessions (id, environment_id, user_id, client_id, browser_session_id, organization_id,
      authentication_method, proven_json, impersonator_json, ip_address, user_agent, refresh_generation, refreshed_at, last_jti, authenticated_at,
      idle_expires_at, expires_at, ended_at, end_reason, created_at, updated_at)
    values (${session.id}, ${session.environmentId}, ${session.userId}, ${session.clientId}, ${session.browserSessionId},
      ${session.organizationId}, ${session.authenticationMethod}, ${json(session.proven)},
      ${session.impersonator && json(session.impersonator)}, ${session.ipAddress}, ${session.userAgent},
      ${session.refreshGeneration}, ${session.refreshedAt}, ${session.lastJti}, ${session.authenticatedAt},
      ${session.idleExpiresAt}, ${session.expiresAt}, ${session.endedAt}, ${session.endReason}, ${session.createdAt},
      ${session.updatedAt})`);
}

/** What names a session when the tenant is known by its environment alone. */
export interface SessionKey {
  readonly environmentId: string;
  readonly id: string;
}

export function findSession(db: Db, tenant: Tenant, id: string): Promise<SessionRow | null> {
  return findSessionIn(db, { environmentId: tenant.environmentId, id });
}

export function findSessionIn(db: Db, { environmentId, id }: SessionKey): Promise<SessionRow | null> {
  return db.maybeOne(sql<SessionRow>`
    select * from sessions where id = ${id} and environment_id = ${environmentId}`);
}

/**
 * A session by its id alone. Only for signing out, where the id in the address is all there is: the SDKs send neither
 * client nor credential.
 */
export function findSessionAnywhere(db: Db, id: string): Promise<SessionRow | null> {
  return db.maybeOne(sql<SessionRow>`select * from sessions where id = ${id}`);
}

/** Ends a session once. @returns it, or null when it had ended before or is unknown here */
export function endSession(
  db: Db,
  tenant: Tenant,
  id: string,
  reason: EndReason,
  at: Date,
): Promise<SessionRow | null> {
  return db.maybeOne(sql<SessionRow>`
    update sessions set ended_at = ${at}, end_reason = ${reason}, updated_at = ${at}
    where id = ${id} and environment_id = ${tenant.environmentId} and ended_at is null and end_reason is null
    returning *`);
}

/** Ends every session of a user. @param except - a session that goes on */
export function endSessionsOfUser(
  db: Db,
  tenant: Tenant,
  userId: string,
  reason: EndReason,
  at: Date,
  except: string | null = null,
): Promise<SessionRow[]> {
  return db.all(sql<SessionRow>`
    update sessions set ended_at = ${at}, end_reason = ${reason}, updated_at = ${at}
    where environment_id = ${tenant.environmentId} and user_id = ${userId} and ended_at is null
      and end_reason is null and id <> ${except ?? ''}
    returning *`);
}

/** Ends every session of a user that was not opened in this browser. */
export function endSessionsElsewhere(
  db: Db,
  tenant: Tenant,
  userId: string,
  browserSessionId: string,
  at: Date,
): Promise<SessionRow[]> {
  return db.all(sql<SessionRow>`
    update sessions set ended_at = ${at}, end_reason = 'signed_out', updated_at = ${at}
    where environment_id = ${tenant.environmentId} and user_id = ${userId} and ended_at is null
      and end_reason is null and (browser_session_id is null or browser_session_id <> ${browserSessionId})
    returning *`);
}

/** Ends every session of a user in one organization. */
export function endSessionsOfMember(
  db: Db,
  tenant: Tenant,
  userId: string,
  organizationId: string,
  at: Date,
): Promise<SessionRow[]> {
  return db.all(sql<SessionRow>`
    update sessions set ended_at = ${at}, end_reason = 'membership_ended', updated_at = ${at}
    where environment_id = ${tenant.environmentId} and user_id = ${userId} and organization_id = ${organizationId}
      and ended_at is null and end_reason is null
    returning *`);
}

/** Ends every session that rests on a sign-on by a connection. */
export function endSessionsOfConnection(db: Db, tenant: Tenant, connectionId: string, at: Date): Promise<SessionRow[]> {
  return db.all(sql<SessionRow>`
    update sessions set ended_at = ${at}, end_reason = 'connection_ended', updated_at = ${at}
    where environment_id = ${tenant.environmentId} and proven_json like ${restsOn(connectionId)}
      and ended_at is null and end_reason is null
    returning *`);
}

/** Marks those of operators that have run out. @returns each once, whoever asks */
export function takeExpiredImpersonations(db: Db, at: Date): Promise<SessionRow[]> {
  return db.all(sql<SessionRow>`
    update sessions set end_reason = 'expired'
    where impersonator_json is not null and end_reason is null and (expires_at <= ${at} or idle_expires_at <= ${at})
    returning *`);
}

export function selectSessionsOfUser(
  db: Db,
  tenant: Tenant,
  userId: string,
  where: Statement,
  order: Statement,
  limit: number,
): Promise<SessionRow[]> {
  return db.all(sql<SessionRow>`
    select * from sessions
    where environment_id = ${tenant.environmentId} and user_id = ${userId} and ${where}
    order by ${order} limit ${limit}`);
}

/** Inactivity counts from now on. */
export async function touchSession(
  db: Db,
  tenant: Tenant,
  id: string,
  { at, idleExpiresAt }: { readonly at: Date; readonly idleExpiresAt: Date },
): Promise<void> {
  await db.run(sql`
    update sessions set idle_expires_at = ${idleExpiresAt}, updated_at = ${at}
    where id = ${id} and environment_id = ${tenant.environmentId} and ended_at is null`);
}

/** Sessions that ended or ran out before that time say nothing any more. */
export async function purgeSessions(db: Db, before: Date): Promise<void> {
  await db.run(sql`delete from sessions where expires_at < ${before}`);
  await purgeBrowserSessions(db, before);
}
