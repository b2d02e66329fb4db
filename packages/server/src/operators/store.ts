import { type Db, type Hash, sql } from '../core/index.ts';

interface OperatorRow {
  readonly userId: string;
  readonly role: 'owner';
  readonly createdAt: Date;
}

export function findOperator(db: Db, userId: string): Promise<OperatorRow | null> {
  return db.maybeOne(sql<OperatorRow>`select * from operators where user_id = ${userId}`);
}

export async function findOwner(db: Db): Promise<{ ownerId: string } | null> {
  return db.maybeOne(sql<{ ownerId: string }>`select owner_id from installation where id = 'installation'`);
}

/** Makes somebody the owner, if nobody is. One insert decides, so of two people with the link one wins. */
export async function claimInstallation(db: Db, userId: string, at: Date): Promise<boolean> {
  const claimed = await db.run(sql`
    insert into installation (id, owner_id, created_at) values ('installation', ${userId}, ${at}) on conflict do nothing`);
  if (claimed === 0) return false;
  await db.run(sql`insert into operators (user_id, role, created_at) values (${userId}, 'owner', ${at})`);
  return true;
}

export async function insertOperatorSession(
  db: Db,
  tokenHash: Hash,
  sessionId: string,
  userId: string,
  at: Date,
): Promise<void> {
  await db.run(sql`
    insert into operator_sessions (token_hash, session_id, user_id, created_at)
    values (${tokenHash}, ${sessionId}, ${userId}, ${at})`);
}

export interface OperatorSession {
  readonly sessionId: string;
  readonly userId: string;
  readonly environmentId: string;
  readonly email: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly role: 'owner';
  readonly authenticatedAt: Date;
  readonly idleExpiresAt: Date;
  readonly expiresAt: Date;
}

/**
 * Who a cookie stands for, at that time: the session goes on, the user exists, and they still are an operator. One
 * statement, because every request of the dashboard asks.
 */
export function findOperatorSession(db: Db, tokenHash: Hash, at: Date): Promise<OperatorSession | null> {
  return db.maybeOne(sql<OperatorSession>`
    select s.id as session_id, s.environment_id, s.authenticated_at, s.idle_expires_at, s.expires_at, u.id as user_id,
      u.email, u.first_name, u.last_name, o.role
    from operator_sessions t
    join sessions s on s.id = t.session_id
    join operators o on o.user_id = t.user_id
    join users u on u.id = t.user_id and u.environment_id = s.environment_id
    where t.token_hash = ${tokenHash} and s.ended_at is null and s.expires_at > ${at}
      and s.idle_expires_at > ${at}`);
}

export async function deleteOperatorSession(db: Db, tokenHash: Hash): Promise<void> {
  await db.run(sql`delete from operator_sessions where token_hash = ${tokenHash}`);
}

export async function purgeOperatorSessions(db: Db, before: Date): Promise<void> {
  await db.run(sql`delete from operator_sessions where created_at < ${before}`);
}
