import { type Db, type Hash, newId, type Page, type PageQuery, pageOf, sql, type Tenant } from '../core/index.ts';
import type { ApiKeyRow } from './schema.ts';

/** The keys that work. */
export function listApiKeys(db: Db, tenant: Tenant, query: PageQuery): Promise<Page<ApiKeyRow>> {
  return pageOf(
    query,
    (id) => findApiKey(db, tenant, id),
    (where, order, limit) =>
      db.all(sql<ApiKeyRow>`
        select * from api_keys where environment_id = ${tenant.environmentId} and revoked_at is null and ${where}
        order by ${order} limit ${limit}`),
  );
}

function findApiKey(db: Db, tenant: Tenant, id: string): Promise<ApiKeyRow | null> {
  return db.maybeOne(sql<ApiKeyRow>`
    select * from api_keys where environment_id = ${tenant.environmentId} and id = ${id} and revoked_at is null`);
}

/** Whosever key it is, revoked or not: the hash is what says which environment a request may touch. */
export function findByHash(db: Db, keyHash: Hash): Promise<ApiKeyRow | null> {
  return db.maybeOne(sql<ApiKeyRow>`select * from api_keys where key_hash = ${keyHash}`);
}

/** @returns null when that key exists already, here or in another environment, revoked or not */
export function insertApiKey(
  db: Db,
  tenant: Tenant,
  key: { name: string; keyHash: Hash; obfuscatedValue: string; createdBy: string | null },
  at: Date,
): Promise<ApiKeyRow | null> {
  return db.maybeOne(sql<ApiKeyRow>`
    insert into api_keys (id, environment_id, name, key_hash, obfuscated_value, created_by, created_at)
    values (${newId('apiKey', at)}, ${tenant.environmentId}, ${key.name}, ${key.keyHash}, ${key.obfuscatedValue},
      ${key.createdBy}, ${at})
    on conflict (key_hash) do nothing
    returning *`);
}

/** @returns the key, now revoked; null when there is none of that id that works */
export function markRevoked(db: Db, tenant: Tenant, id: string, at: Date): Promise<ApiKeyRow | null> {
  return db.maybeOne(sql<ApiKeyRow>`
    update api_keys set revoked_at = ${at}
    where environment_id = ${tenant.environmentId} and id = ${id} and revoked_at is null
    returning *`);
}

export async function writeLastUsed(db: Db, tenant: Tenant, id: string, at: Date): Promise<void> {
  await db.run(sql`
    update api_keys set last_used_at = ${at} where environment_id = ${tenant.environmentId} and id = ${id}`);
}
