import { type Db, sql, type Tenant } from '../core/index.ts';
import { getSettings } from '../environments/index.ts';
import { isImported, type PasswordHash } from './password-hash.ts';
import { forgetEarlierPasswords, keepCurrentPassword } from './password-history.store.ts';

/**
 * Gives a user this password. Within the transaction that changes the user, with a hash made before it began. The one
 * it replaces is remembered where the environment asks for that.
 */
export async function setPassword(
  tx: Db,
  tenant: Tenant,
  userId: string,
  password: PasswordHash,
  at: Date,
): Promise<void> {
  const { hash, type, saltPosition } = password;
  const { passwordHistory } = await getSettings(tx, tenant.environmentId);
  if (passwordHistory > 0) await keepCurrentPassword(tx, tenant, userId, at);
  await forgetEarlierPasswords(tx, tenant, userId, passwordHistory);
  await tx.run(sql`
    insert into passwords (user_id, environment_id, hash, hash_type, salt_position, is_imported, updated_at)
    values (${userId}, ${tenant.environmentId}, ${hash}, ${type}, ${saltPosition}, ${isImported(password)}, ${at})
    on conflict (user_id) do update set hash = excluded.hash, hash_type = excluded.hash_type,
      salt_position = excluded.salt_position, is_imported = excluded.is_imported, updated_at = excluded.updated_at
    where passwords.environment_id = excluded.environment_id`);
}

export function findPassword(db: Db, tenant: Tenant, userId: string): Promise<PasswordHash | null> {
  return db.maybeOne(sql<PasswordHash>`
    select hash, hash_type as type, salt_position from passwords
    where user_id = ${userId} and environment_id = ${tenant.environmentId}`);
}

/** Since when the user has the password they have; null without one. An upgraded hash is the same password. */
export async function passwordSince(db: Db, tenant: Tenant, userId: string): Promise<Date | null> {
  const row = await db.maybeOne(sql<{ updatedAt: Date }>`
    select updated_at from passwords where user_id = ${userId} and environment_id = ${tenant.environmentId}`);
  return row?.updatedAt ?? null;
}

/** The same password under a better hash, unless it was changed since it was read. */
export async function upgradePassword(
  db: Db,
  tenant: Tenant,
  userId: string,
  before: PasswordHash,
  after: PasswordHash,
): Promise<void> {
  await db.run(sql`
    update passwords set hash = ${after.hash}, hash_type = ${after.type}, salt_position = ${after.saltPosition},
      is_imported = ${isImported(after)}
    where user_id = ${userId} and environment_id = ${tenant.environmentId} and hash = ${before.hash}`);
}

export async function removePassword(tx: Db, tenant: Tenant, userId: string): Promise<void> {
  await forgetEarlierPasswords(tx, tenant, userId, 0);
  await tx.run(sql`delete from passwords where user_id = ${userId} and environment_id = ${tenant.environmentId}`);
}
