import { after, type Db, days, type Hash, type Services, sql, type Tenant } from '../core/index.ts';
import type { PasswordResetRow } from './schema.ts';

/**
 * Puts this link in force and every earlier one of the user out of it. Whoever holds the user's row does it alone, so that
 * of two that are made at once the later one is in force.
 */
export async function addReset(tx: Db, tenant: Tenant, row: PasswordResetRow): Promise<void> {
  await tx.run(sql`
    update password_resets set superseded_at = ${row.createdAt}, attempt_id = null
    where environment_id = ${tenant.environmentId} and user_id = ${row.userId} and redeemed_at is null
      and superseded_at is null`);
  await tx.run(sql`
    insert into password_resets (id, environment_id, user_id, email, token_hash, sealed_token, attempt_id, expires_at, redeemed_at,
      superseded_at, created_at)
    values (${row.id}, ${tenant.environmentId}, ${row.userId}, ${row.email}, ${row.tokenHash}, ${row.sealedToken}, ${row.attemptId},
      ${row.expiresAt}, ${row.redeemedAt}, ${row.supersededAt}, ${row.createdAt})
    on conflict (environment_id, user_id, attempt_id) do update set
      id = excluded.id, email = excluded.email, token_hash = excluded.token_hash, sealed_token = excluded.sealed_token,
      expires_at = excluded.expires_at, redeemed_at = excluded.redeemed_at, superseded_at = excluded.superseded_at,
      created_at = excluded.created_at`);
}

/** The one in force. */
export function findReset(db: Db, tenant: Tenant, id: string): Promise<PasswordResetRow | null> {
  return db.maybeOne(sql<PasswordResetRow>`
    select * from password_resets
    where id = ${id} and environment_id = ${tenant.environmentId} and superseded_at is null`);
}

export function findResetByToken(db: Db, tenant: Tenant, tokenHash: Hash): Promise<PasswordResetRow | null> {
  return db.maybeOne(sql<PasswordResetRow>`
    select * from password_resets where token_hash = ${tokenHash} and environment_id = ${tenant.environmentId}`);
}

/**
 * A link by its token alone. Only for the hosted page: which environment it belongs to follows from the token, which is
 * all that a mailed address carries.
 */
export function findResetAnywhere(db: Db, tokenHash: Hash): Promise<PasswordResetRow | null> {
  return db.maybeOne(sql<PasswordResetRow>`select * from password_resets where token_hash = ${tokenHash}`);
}

/** The link, marked as used. Null when it is unknown here, expired, not the newest, or somebody used it first. */
export function spendReset(tx: Db, tenant: Tenant, tokenHash: Hash, at: Date): Promise<PasswordResetRow | null> {
  return tx.maybeOne(sql<PasswordResetRow>`
    update password_resets set redeemed_at = ${at}
    where token_hash = ${tokenHash} and environment_id = ${tenant.environmentId} and redeemed_at is null
      and superseded_at is null and expires_at > ${at}
    returning *`);
}

export async function deleteResets(tx: Db, tenant: Tenant, userId: string): Promise<void> {
  await tx.run(sql`delete from password_resets where environment_id = ${tenant.environmentId} and user_id = ${userId}`);
}

/** Links that went out and were not used: a new password or address puts them out of force. */
export async function deleteUnusedResets(tx: Db, tenant: Tenant, userId: string): Promise<void> {
  await tx.run(sql`
    delete from password_resets
    where environment_id = ${tenant.environmentId} and user_id = ${userId} and redeemed_at is null`);
}

/** Links that are over for a day: nobody asks any more why they do not work. */
export async function purgePasswordResets({ db, now }: Pick<Services, 'db' | 'now'>): Promise<void> {
  await db.run(sql`delete from password_resets where expires_at <= ${after(now(), -days(1))}`);
}
