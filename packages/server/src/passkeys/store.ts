import { type Db, json, type Statement, sql, type Tenant } from '../core/index.ts';
import type { PasskeyRow } from './schema.ts';

/** @returns false when the environment has a passkey of this credential id already */
export async function insertPasskey(tx: Db, tenant: Tenant, row: PasskeyRow): Promise<boolean> {
  const inserted = await tx.run(sql`
    insert into passkeys (id, environment_id, user_id, credential_id, public_key, counter, transports_json, aaguid,
      name, is_synced, is_backed_up, last_used_at, created_at, updated_at)
    values (${row.id}, ${tenant.environmentId}, ${row.userId}, ${row.credentialId}, ${row.publicKey}, ${row.counter},
      ${json(row.transports)}, ${row.aaguid}, ${row.name}, ${row.isSynced}, ${row.isBackedUp}, ${row.lastUsedAt},
      ${row.createdAt}, ${row.updatedAt})
    on conflict do nothing`);
  return inserted > 0;
}

export function findPasskey(db: Db, tenant: Tenant, id: string): Promise<PasskeyRow | null> {
  return db.maybeOne(sql<PasskeyRow>`
    select * from passkeys where id = ${id} and environment_id = ${tenant.environmentId}`);
}

export function findPasskeyByCredential(db: Db, tenant: Tenant, credentialId: string): Promise<PasskeyRow | null> {
  return db.maybeOne(sql<PasskeyRow>`
    select * from passkeys where environment_id = ${tenant.environmentId} and credential_id = ${credentialId}`);
}

export function selectPasskeysOfUser(
  db: Db,
  tenant: Tenant,
  userId: string,
  where: Statement = sql`1 = 1`,
  order: Statement = sql`created_at, id`,
  limit = 1000,
): Promise<PasskeyRow[]> {
  return db.all(sql<PasskeyRow>`
    select * from passkeys
    where environment_id = ${tenant.environmentId} and user_id = ${userId} and ${where}
    order by ${order} limit ${limit}`);
}

/** Whether a user could show one. */
export async function hasPasskey(db: Db, tenant: Tenant, userId: string): Promise<boolean> {
  const found = await db.maybeOne(sql<{ found: number }>`
    select 1 as found from passkeys where environment_id = ${tenant.environmentId} and user_id = ${userId} limit 1`);
  return found !== null;
}

/**
 * Notes a use. One statement compares the counter and moves it, so a copy that signs at the same time as the original
 * is seen. An authenticator that does not count always says 0 (WebAuthn level 3 section 6.1.1).
 *
 * @returns null when the counter went back or stood still, or the passkey is gone
 */
export function moveCounter(
  tx: Db,
  tenant: Tenant,
  id: string,
  use: { readonly counter: number; readonly isBackedUp: boolean; readonly at: Date },
): Promise<PasskeyRow | null> {
  return tx.maybeOne(sql<PasskeyRow>`
    update passkeys set counter = ${use.counter}, is_backed_up = ${use.isBackedUp}, last_used_at = ${use.at}
    where id = ${id} and environment_id = ${tenant.environmentId}
      and (counter < ${use.counter} or (counter = 0 and ${use.counter} = 0))
    returning *`);
}

export function setName(
  tx: Db,
  tenant: Tenant,
  userId: string,
  id: string,
  name: string,
  at: Date,
): Promise<PasskeyRow | null> {
  return tx.maybeOne(sql<PasskeyRow>`
    update passkeys set name = ${name}, updated_at = ${at}
    where id = ${id} and environment_id = ${tenant.environmentId} and user_id = ${userId}
    returning *`);
}

/** @param userId - whose it must be; anybody's of the environment when null */
export function deletePasskey(tx: Db, tenant: Tenant, userId: string | null, id: string): Promise<PasskeyRow | null> {
  const ofUser = userId === null ? sql`1 = 1` : sql`user_id = ${userId}`;
  return tx.maybeOne(sql<PasskeyRow>`
    delete from passkeys where id = ${id} and environment_id = ${tenant.environmentId} and ${ofUser} returning *`);
}

export async function deletePasskeysOfUser(tx: Db, tenant: Tenant, userId: string): Promise<void> {
  await tx.run(sql`delete from passkeys where environment_id = ${tenant.environmentId} and user_id = ${userId}`);
}
