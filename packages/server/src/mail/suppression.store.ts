import { type Db, type Statement, sql, type Tenant } from '../core/index.ts';
import type { SuppressionRow } from './suppression.schema.ts';

const columns = sql`id, address, reason, detail, created_at`;

export function findSuppressionOf(db: Db, tenant: Tenant, address: string): Promise<SuppressionRow | null> {
  return db.maybeOne(sql<SuppressionRow>`
    select ${columns} from suppressed_addresses
    where environment_id = ${tenant.environmentId} and address = ${address}`);
}

export function findSuppression(db: Db, tenant: Tenant, id: string): Promise<SuppressionRow | null> {
  return db.maybeOne(sql<SuppressionRow>`
    select ${columns} from suppressed_addresses where environment_id = ${tenant.environmentId} and id = ${id}`);
}

/** @param like - a part of the address, in lower case */
export function selectSuppressions(
  db: Db,
  tenant: Tenant,
  like: string,
  where: Statement,
  order: Statement,
  limit: number,
): Promise<SuppressionRow[]> {
  const pattern = `%${like.replace(/[\\%_]/g, '\\$&')}%`;
  return db.all(sql<SuppressionRow>`
    select ${columns} from suppressed_addresses
    where environment_id = ${tenant.environmentId} and address like ${pattern} escape '\\' and ${where}
    order by ${order} limit ${limit}`);
}

/** @returns null when it is there already */
export function insertSuppression(tx: Db, tenant: Tenant, row: SuppressionRow): Promise<SuppressionRow | null> {
  return tx.maybeOne(sql<SuppressionRow>`
    insert into suppressed_addresses (id, environment_id, address, reason, detail, created_at)
    values (${row.id}, ${tenant.environmentId}, ${row.address}, ${row.reason}, ${row.detail}, ${row.createdAt})
    on conflict (environment_id, address) do nothing
    returning ${columns}`);
}

export function removeSuppression(tx: Db, tenant: Tenant, id: string): Promise<SuppressionRow | null> {
  return tx.maybeOne(sql<SuppressionRow>`
    delete from suppressed_addresses where environment_id = ${tenant.environmentId} and id = ${id}
    returning ${columns}`);
}
