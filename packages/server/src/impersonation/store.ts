import { type Db, type Hash, sql, type Tenant } from '../core/index.ts';

export interface ImpersonationRow {
  readonly id: string;
  readonly environmentId: string;
  readonly userId: string;
  readonly operatorId: string;
  readonly operatorEmail: string;
  readonly reason: string;
  readonly tokenHash: Hash;
  readonly expiresAt: Date;
  readonly redeemedAt: Date | null;
  readonly createdAt: Date;
}

export async function insertImpersonation(db: Db, row: ImpersonationRow): Promise<void> {
  await db.run(sql`
    insert into impersonations (id, environment_id, user_id, operator_id, operator_email, reason, token_hash, expires_at,
      redeemed_at, created_at)
    values (${row.id}, ${row.environmentId}, ${row.userId}, ${row.operatorId}, ${row.operatorEmail}, ${row.reason},
      ${row.tokenHash}, ${row.expiresAt}, ${row.redeemedAt}, ${row.createdAt})`);
}

/** One that waits for its operator. */
export function findOpenImpersonation(
  db: Db,
  tenant: Tenant,
  tokenHash: Hash,
  at: Date,
): Promise<ImpersonationRow | null> {
  return db.maybeOne(sql<ImpersonationRow>`
    select * from impersonations
    where environment_id = ${tenant.environmentId} and token_hash = ${tokenHash} and redeemed_at is null
      and expires_at > ${at}`);
}

/** Spends it. @returns null when somebody was first, or it is too late */
export function spendImpersonation(
  db: Db,
  tenant: Tenant,
  tokenHash: Hash,
  at: Date,
): Promise<ImpersonationRow | null> {
  return db.maybeOne(sql<ImpersonationRow>`
    update impersonations set redeemed_at = ${at}
    where environment_id = ${tenant.environmentId} and token_hash = ${tokenHash} and redeemed_at is null
      and expires_at > ${at}
    returning *`);
}

/** What an operator asked for before and did not use. */
export async function dropOpenImpersonations(db: Db, tenant: Tenant, operatorId: string): Promise<void> {
  await db.run(sql`
    delete from impersonations
    where environment_id = ${tenant.environmentId} and operator_id = ${operatorId} and redeemed_at is null`);
}

export async function deleteImpersonationsOf(db: Db, tenant: Tenant, userId: string): Promise<void> {
  await db.run(sql`
    delete from impersonations where environment_id = ${tenant.environmentId} and user_id = ${userId}`);
}

/** What happened is in the events; these rows only say what may still happen. */
export async function purgeImpersonations(db: Db, before: Date): Promise<void> {
  await db.run(sql`delete from impersonations where expires_at < ${before}`);
}
