import { type Db, sql, type Tenant } from '../../core/index.ts';
import type { CustomDomainRow } from './schema.ts';

const columns = sql`id, name, state, token, has_record, is_pointed_here, checked_at, created_at, updated_at`;

/** Oldest first. */
export function selectDomains(db: Db, tenant: Tenant): Promise<CustomDomainRow[]> {
  return db.all(sql<CustomDomainRow>`
    select ${columns} from custom_domains
    where environment_id = ${tenant.environmentId} order by created_at, id`);
}

export function findDomain(db: Db, tenant: Tenant, id: string): Promise<CustomDomainRow | null> {
  return db.maybeOne(sql<CustomDomainRow>`
    select ${columns} from custom_domains where environment_id = ${tenant.environmentId} and id = ${id}`);
}

/** Those in use, of every environment: a host is how an unauthenticated request says which one it means. */
export function selectActiveDomains(db: Db): Promise<{ name: string; environmentId: string }[]> {
  return db.all(sql<{ name: string; environmentId: string }>`
    select name, environment_id from custom_domains where state = 'active'`);
}

/** Whether any environment has proved it. */
export async function isProved(db: Db, name: string): Promise<boolean> {
  const row = await db.maybeOne(sql<{ id: string }>`
    select id from custom_domains where name = ${name} and state <> 'pending'`);
  return row !== null;
}

/** @returns null when the environment has it already */
export function insertDomain(tx: Db, tenant: Tenant, row: CustomDomainRow): Promise<CustomDomainRow | null> {
  return tx.maybeOne(sql<CustomDomainRow>`
    insert into custom_domains (id, environment_id, name, state, token, has_record, is_pointed_here, checked_at,
      created_at, updated_at)
    values (${row.id}, ${tenant.environmentId}, ${row.name}, ${row.state}, ${row.token}, ${row.hasRecord},
      ${row.isPointedHere}, ${row.checkedAt}, ${row.createdAt}, ${row.updatedAt})
    on conflict do nothing
    returning ${columns}`);
}

export function noteLook(
  tx: Db,
  tenant: Tenant,
  id: string,
  seen: Pick<CustomDomainRow, 'hasRecord' | 'isPointedHere'>,
  at: Date,
): Promise<CustomDomainRow | null> {
  return tx.maybeOne(sql<CustomDomainRow>`
    update custom_domains set has_record = ${seen.hasRecord}, is_pointed_here = ${seen.isPointedHere}, checked_at = ${at}
    where environment_id = ${tenant.environmentId} and id = ${id}
    returning ${columns}`);
}

/**
 * Marks a name as proved. Of two environments that prove one at the same moment the second fails as a unique violation.
 *
 * @returns null when it is proved already, here or by another environment
 */
export function markVerified(
  tx: Db,
  tenant: Tenant,
  { id, name }: Pick<CustomDomainRow, 'id' | 'name'>,
  at: Date,
): Promise<CustomDomainRow | null> {
  return tx.maybeOne(sql<CustomDomainRow>`
    update custom_domains set state = 'verified', updated_at = ${at}
    where environment_id = ${tenant.environmentId} and id = ${id} and state = 'pending' and not exists (
      select 1 from custom_domains as other where other.name = ${name} and other.state <> 'pending')
    returning ${columns}`);
}

/** Takes the environment's name out of use. @returns null when none was */
export function retireActive(tx: Db, tenant: Tenant, at: Date): Promise<CustomDomainRow | null> {
  return tx.maybeOne(sql<CustomDomainRow>`
    update custom_domains set state = 'verified', updated_at = ${at}
    where environment_id = ${tenant.environmentId} and state = 'active'
    returning ${columns}`);
}

/** @returns null when it is not proved */
export function markActive(tx: Db, tenant: Tenant, id: string, at: Date): Promise<CustomDomainRow | null> {
  return tx.maybeOne(sql<CustomDomainRow>`
    update custom_domains set state = 'active', updated_at = ${at}
    where environment_id = ${tenant.environmentId} and id = ${id} and state = 'verified'
    returning ${columns}`);
}

export function removeDomain(tx: Db, tenant: Tenant, id: string): Promise<CustomDomainRow | null> {
  return tx.maybeOne(sql<CustomDomainRow>`
    delete from custom_domains where environment_id = ${tenant.environmentId} and id = ${id}
    returning ${columns}`);
}

/** Names that somebody wants to prove and nobody looked for since `before`, in any environment. */
export function selectUnchecked(
  db: Db,
  { createdAfter, checkedBefore, limit }: { createdAfter: Date; checkedBefore: Date; limit: number },
): Promise<{ id: string; environmentId: string }[]> {
  return db.all(sql<{ id: string; environmentId: string }>`
    select id, environment_id from custom_domains
    where state = 'pending' and created_at > ${createdAfter} and (checked_at is null or checked_at <= ${checkedBefore})
    order by created_at limit ${limit}`);
}
