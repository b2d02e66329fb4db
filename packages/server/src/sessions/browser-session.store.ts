import { type Db, type Hash, json, sql, type Tenant } from '../core/index.ts';
import type { AuthenticationMethod } from '../protocol/index.ts';
import { type Proven, restsOn } from './proven.ts';

export interface BrowserSessionRow {
  readonly id: string;
  readonly environmentId: string;
  readonly tokenHash: Hash;
  readonly userId: string;
  readonly authenticationMethod: AuthenticationMethod;
  readonly proven: Proven;
  /** Where the person was last: the next app they open begins there. */
  readonly organizationId: string | null;
  readonly authenticatedAt: Date;
  /** Where the person sat when they last signed in here. */
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  /** When it was last used, to the minute; null when that was before we wrote it down. */
  readonly usedAt: Date | null;
  readonly idleExpiresAt: Date;
  readonly expiresAt: Date;
  readonly endedAt: Date | null;
  readonly createdAt: Date;
}

/** Writes it once: a form sent twice finds the same token already there. */
export async function insertBrowserSession(db: Db, session: BrowserSessionRow): Promise<void> {
  await db.run(sql`
    insert into browser_sessions (id, environment_id, token_hash, user_id, authentication_method, proven_json,
      organization_id, authenticated_at, ip_address, user_agent, used_at, idle_expires_at, expires_at, ended_at,
      created_at)
    values (${session.id}, ${session.environmentId}, ${session.tokenHash}, ${session.userId},
      ${session.authenticationMethod}, ${json(session.proven)}, ${session.organizationId}, ${session.authenticatedAt},
      ${session.ipAddress}, ${session.userAgent}, ${session.usedAt}, ${session.idleExpiresAt}, ${session.expiresAt},
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
      authentication_method = ${session.authenticationMethod}, proven_json = ${json(session.proven)},
      organization_id = ${session.organizationId}, authenticated_at = ${session.authenticatedAt},
      ip_address = ${session.ipAddress}, user_agent = ${session.userAgent},
      used_at = ${session.usedAt}, idle_expires_at = ${session.idleExpiresAt}, expires_at = ${session.expiresAt}
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

/** Whether a browser's sign-in goes on, for a look that changes nothing. */
export async function isBrowserSessionOpen(db: Db, tenant: Tenant, id: string, at: Date): Promise<boolean> {
  const open = await db.maybeOne(sql`
    select id from browser_sessions
    where id = ${id} and environment_id = ${tenant.environmentId} and ended_at is null and expires_at > ${at}`);
  return open !== null;
}

export async function touchBrowserSession(db: Db, id: string, usedAt: Date, idleExpiresAt: Date): Promise<void> {
  await db.run(sql`
    update browser_sessions set used_at = ${usedAt}, idle_expires_at = ${idleExpiresAt} where id = ${id}`);
}

export async function endBrowserSession(db: Db, tenant: Tenant, id: string, at: Date): Promise<void> {
  await db.run(sql`
    update browser_sessions set ended_at = ${at}
    where id = ${id} and environment_id = ${tenant.environmentId} and ended_at is null`);
}

/** @param except - one that goes on */
export async function endBrowserSessionsOfUser(
  db: Db,
  tenant: Tenant,
  userId: string,
  at: Date,
  except: string | null = null,
): Promise<void> {
  await db.run(sql`
    update browser_sessions set ended_at = ${at}
    where environment_id = ${tenant.environmentId} and user_id = ${userId} and ended_at is null
      and id <> ${except ?? ''}`);
}

/** Ends every sign-in of a browser that rests on a sign-on by a connection. */
export async function endBrowserSessionsOfConnection(
  db: Db,
  tenant: Tenant,
  connectionId: string,
  at: Date,
): Promise<void> {
  await db.run(sql`
    update browser_sessions set ended_at = ${at}
    where environment_id = ${tenant.environmentId} and proven_json like ${restsOn(connectionId)} and ended_at is null`);
}

export async function purgeBrowserSessions(db: Db, before: Date): Promise<void> {
  await db.run(sql`delete from browser_sessions where expires_at < ${before}`);
}
