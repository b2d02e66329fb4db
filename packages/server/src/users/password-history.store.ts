import { type Db, newId, sql, type Tenant } from '../core/index.ts';
import type { PasswordHash } from './password-hash.ts';

/** The newest of the passwords a user had before the one they have. */
export function selectEarlierPasswords(db: Db, tenant: Tenant, userId: string, limit: number): Promise<PasswordHash[]> {
  return db.all(sql<PasswordHash>`
    select hash, hash_type as type, salt_position from password_history
    where environment_id = ${tenant.environmentId} and user_id = ${userId}
    order by created_at desc, id desc limit ${limit}`);
}

/** Remembers the password the user has, because another one is about to take its place. */
export async function keepCurrentPassword(tx: Db, tenant: Tenant, userId: string, at: Date): Promise<void> {
  await tx.run(sql`
    insert into password_history (id, environment_id, user_id, hash, hash_type, salt_position, created_at)
    select ${newId('earlierPassword', at)}, environment_id, user_id, hash, hash_type, salt_position, ${at}
    from passwords where user_id = ${userId} and environment_id = ${tenant.environmentId}`);
}

/** Forgets all but the newest so many. */
export async function forgetEarlierPasswords(tx: Db, tenant: Tenant, userId: string, keep: number): Promise<void> {
  await tx.run(sql`
    delete from password_history
    where environment_id = ${tenant.environmentId} and user_id = ${userId} and id not in (
      select id from password_history
      where environment_id = ${tenant.environmentId} and user_id = ${userId}
      order by created_at desc, id desc limit ${keep})`);
}

/** The environment does not ask for a history any more, so nothing of it stays. */
export async function forgetAllEarlierPasswords(tx: Db, tenant: Tenant): Promise<void> {
  await tx.run(sql`delete from password_history where environment_id = ${tenant.environmentId}`);
}
