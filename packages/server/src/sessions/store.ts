import { batched, type Db, type Hash, rowsOf, type Statement, sql, type Tenant } from '../core/index.ts';
import type { AuthenticationMethod } from '../protocol/index.ts';

export interface SessionRow {
  readonly id: string;
  readonly environmentId: string;
  readonly userId: string;
  readonly clientId: string;
  readonly browserSessionId: string | null;
  readonly organizationId: string | null;
  readonly authenticationMethod: AuthenticationMethod;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  /** How often it was refreshed; which refresh token is the current one follows from it. */
  readonly refreshGeneration: number;
  readonly refreshedAt: Date | null;
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
  | 'credentials_changed';

export async function insertSession(db: Db, session: SessionRow): Promise<void> {
  await db.run(sql`
    insert into sessions (id, environment_id, user_id, client_id, browser_session_id, organization_id,
      authentication_method, ip_address, user_agent, refresh_generation, refreshed_at, last_jti, authenticated_at,
      idle_expires_at, expires_at, ended_at, end_reason, created_at, updated_at)
    values (${session.id}, ${session.environmentId}, ${session.userId}, ${session.clientId}, ${session.browserSessionId},
      ${session.organizationId}, ${session.authenticationMethod}, ${session.ipAddress}, ${session.userAgent},
      ${session.refreshGeneration}, ${session.refreshedAt}, ${session.lastJti}, ${session.authenticatedAt},
      ${session.idleExpiresAt}, ${session.expiresAt}, ${session.endedAt}, ${session.endReason}, ${session.createdAt},
      ${session.updatedAt})`);
}

export function findSession(db: Db, tenant: Tenant, id: string): Promise<SessionRow | null> {
  return findSessionIn(db, { environmentId: tenant.environmentId, id });
}

function findSessionIn(db: Db, { environmentId, id }: Named): Promise<SessionRow | null> {
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

interface Named {
  readonly environmentId: string;
  readonly id: string;
}

const keyColumns = [
  { name: 'environment_id', type: 'text' },
  { name: 'id', type: 'text' },
] as const;

/** The session of a refresh; reads of one turn of the event loop share a round trip. */
export const readSession = batched<Named, SessionRow | null>(async (db, wanted) => {
  const [first] = wanted;
  if (first && wanted.length === 1) return [await findSessionIn(db, first)];
  const rows = await db.all(sql<SessionRow>`
    select s.* from ${rowsOf(
      'wanted',
      keyColumns,
      distinct(wanted).map(({ environmentId, id }) => [environmentId, id]),
    )}
    join sessions s on s.id = wanted.id and s.environment_id = wanted.environment_id`);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return wanted.map(({ environmentId, id }) => {
    const row = byId.get(id);
    return row?.environmentId === environmentId ? row : null;
  });
});

/** From one refresh token to the next. */
export interface Rotation extends Named {
  readonly clientId: string;
  /** Of the token that was presented. */
  readonly generation: number;
  readonly jti: string;
  readonly at: Date;
  /** When inactivity ends it; never later than the session itself ends. */
  readonly idleExpiresAt: Date;
}

const rotationColumns = [
  ...keyColumns,
  { name: 'client_id', type: 'text' },
  { name: 'generation', type: 'bigint' },
  { name: 'jti', type: 'text' },
  { name: 'at', type: 'bigint' },
  { name: 'idle', type: 'bigint' },
] as const;

/**
 * Moves a live session of that client to its next refresh token, if nobody did before: one update that only matches the
 * generation the caller presents. Of any number of callers with one token, on any number of nodes, exactly one gets the
 * session as it then stands; the others get null, as do those whose session is unknown or over.
 */
export const rotateSession = batched<Rotation, SessionRow | null>(async (db, rotations) => {
  const attempts = distinct(rotations);
  const moved = new Map((await move(db, attempts)).map((row) => [row.id, row]));
  return rotations.map((rotation) => {
    const row = attempts.includes(rotation) ? moved.get(rotation.id) : undefined;
    return row?.refreshGeneration === rotation.generation + 1 ? row : null;
  });
});

function move(db: Db, rotations: readonly Rotation[]): Promise<SessionRow[]> {
  const [first] = rotations;
  if (first && rotations.length === 1) return moveOne(db, first);
  const rows = rotations.map((each) => [
    each.environmentId,
    each.id,
    each.clientId,
    each.generation,
    each.jti,
    each.at,
    each.idleExpiresAt,
  ]);
  return db.all(sql<SessionRow>`
    update sessions set refresh_generation = sessions.refresh_generation + 1, refreshed_at = r.at, last_jti = r.jti,
      idle_expires_at = case when r.idle < sessions.expires_at then r.idle else sessions.expires_at end,
      updated_at = r.at
    from ${rowsOf('r', rotationColumns, rows)}
    where sessions.id = r.id and sessions.environment_id = r.environment_id and sessions.client_id = r.client_id
      and sessions.refresh_generation = r.generation and sessions.ended_at is null
      and sessions.idle_expires_at > r.at and sessions.expires_at > r.at
    returning sessions.*`);
}

/** The same for one, which is what SQLite always has and PostgreSQL when few are about: it plans and runs faster. */
function moveOne(
  db: Db,
  { environmentId, id, clientId, generation, jti, at, idleExpiresAt }: Rotation,
): Promise<SessionRow[]> {
  return db.all(sql<SessionRow>`
    update sessions set refresh_generation = refresh_generation + 1, refreshed_at = ${at}, last_jti = ${jti},
      idle_expires_at = case when ${idleExpiresAt} < expires_at then ${idleExpiresAt} else expires_at end,
      updated_at = ${at}
    where id = ${id} and environment_id = ${environmentId} and client_id = ${clientId}
      and refresh_generation = ${generation} and ended_at is null
      and idle_expires_at > ${at} and expires_at > ${at}
    returning *`);
}

/** One entry per session and generation, the first: a later one of the same batch has lost the race already. */
function distinct<T extends Named & { readonly generation?: number }>(entries: readonly T[]): readonly T[] {
  const keyed = entries.toReversed().map((entry) => [`${entry.id} ${entry.generation}`, entry] as const);
  return [...new Map(keyed).values()].reverse();
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
    where id = ${id} and environment_id = ${tenant.environmentId} and ended_at is null
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
      and id <> ${except ?? ''}
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

export interface BrowserSessionRow {
  readonly id: string;
  readonly environmentId: string;
  readonly tokenHash: Hash;
  readonly userId: string;
  readonly authenticationMethod: AuthenticationMethod;
  readonly authenticatedAt: Date;
  readonly idleExpiresAt: Date;
  readonly expiresAt: Date;
  readonly endedAt: Date | null;
  readonly createdAt: Date;
}

/** Writes it once: a form sent twice finds the same token already there. */
export async function insertBrowserSession(db: Db, session: BrowserSessionRow): Promise<void> {
  await db.run(sql`
    insert into browser_sessions (id, environment_id, token_hash, user_id, authentication_method, authenticated_at,
      idle_expires_at, expires_at, ended_at, created_at)
    values (${session.id}, ${session.environmentId}, ${session.tokenHash}, ${session.userId},
      ${session.authenticationMethod}, ${session.authenticatedAt}, ${session.idleExpiresAt}, ${session.expiresAt},
      ${session.endedAt}, ${session.createdAt})`);
}

export function findBrowserSession(db: Db, tenant: Tenant, tokenHash: Hash): Promise<BrowserSessionRow | null> {
  return db.maybeOne(sql<BrowserSessionRow>`
    select * from browser_sessions where token_hash = ${tokenHash} and environment_id = ${tenant.environmentId}`);
}

/** The same sign-in, proved anew: another token, another end. @returns null when it is over already */
export function renewBrowserSession(
  db: Db,
  tenant: Tenant,
  session: BrowserSessionRow,
): Promise<BrowserSessionRow | null> {
  return db.maybeOne(sql<BrowserSessionRow>`
    update browser_sessions set token_hash = ${session.tokenHash},
      authentication_method = ${session.authenticationMethod}, authenticated_at = ${session.authenticatedAt},
      idle_expires_at = ${session.idleExpiresAt}, expires_at = ${session.expiresAt}
    where id = ${session.id} and environment_id = ${tenant.environmentId} and ended_at is null
      and expires_at > ${session.createdAt} and idle_expires_at > ${session.createdAt}
    returning *`);
}

/**
 * Whether a browser's sign-in goes on, and holds it as it is until the transaction ends: whoever ends it at the same
 * time is either seen here, or sees what was made under it.
 */
export async function holdBrowserSession(db: Db, tenant: Tenant, id: string, at: Date): Promise<boolean> {
  const held = await db.run(sql`
    update browser_sessions set idle_expires_at = idle_expires_at
    where id = ${id} and environment_id = ${tenant.environmentId} and ended_at is null and expires_at > ${at}`);
  return held > 0;
}

/** Inactivity counts from now on. */
export async function touchSession(db: Db, tenant: Tenant, id: string, idleExpiresAt: Date): Promise<void> {
  await db.run(sql`
    update sessions set idle_expires_at = ${idleExpiresAt}
    where id = ${id} and environment_id = ${tenant.environmentId} and ended_at is null`);
}

export async function touchBrowserSession(db: Db, id: string, idleExpiresAt: Date): Promise<void> {
  await db.run(sql`update browser_sessions set idle_expires_at = ${idleExpiresAt} where id = ${id}`);
}

export async function endBrowserSession(db: Db, tenant: Tenant, id: string, at: Date): Promise<void> {
  await db.run(sql`
    update browser_sessions set ended_at = ${at}
    where id = ${id} and environment_id = ${tenant.environmentId} and ended_at is null`);
}

export async function endBrowserSessionsOfUser(db: Db, tenant: Tenant, userId: string, at: Date): Promise<void> {
  await db.run(sql`
    update browser_sessions set ended_at = ${at}
    where environment_id = ${tenant.environmentId} and user_id = ${userId} and ended_at is null`);
}

/** Sessions that ended or ran out before that time say nothing any more. */
export async function purgeSessions(db: Db, before: Date): Promise<void> {
  await db.run(sql`delete from sessions where expires_at < ${before}`);
  await db.run(sql`delete from browser_sessions where expires_at < ${before}`);
}
