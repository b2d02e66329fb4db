import { type Db, newId, type Page, type PageQuery, pageOf, sql, type Tenant } from '../core/index.ts';
import type { Client, CorsOriginRow } from './schema.ts';

export function listCorsOrigins(db: Db, tenant: Tenant, query: PageQuery): Promise<Page<CorsOriginRow>> {
  return pageOf(
    query,
    (id) => findCorsOrigin(db, tenant, id),
    (where, order, limit) =>
      db.all(sql<CorsOriginRow>`
        select * from cors_origins where environment_id = ${tenant.environmentId} and ${where}
        order by ${order} limit ${limit}`),
  );
}

function findCorsOrigin(db: Db, tenant: Tenant, id: string): Promise<CorsOriginRow | null> {
  return db.maybeOne(sql<CorsOriginRow>`
    select * from cors_origins where environment_id = ${tenant.environmentId} and id = ${id}`);
}

export async function listOriginsOf(db: Db, client: Client): Promise<string[]> {
  const rows = await db.all(sql<{ origin: string }>`
    select origin from cors_origins where application_id = ${client.applicationId}`);
  return rows.map(({ origin }) => origin);
}

/** In any environment: a preflight says nothing about whose request will follow. */
export async function isListedAnywhere(db: Db, origin: string): Promise<boolean> {
  return (await db.maybeOne(sql`select id from cors_origins where origin = ${origin} limit 1`)) !== null;
}

/** @returns null when the application lists it already */
export function insertCorsOrigin(
  db: Db,
  tenant: Tenant,
  { applicationId, origin }: { applicationId: string; origin: string },
  at: Date,
): Promise<CorsOriginRow | null> {
  return db.maybeOne(sql<CorsOriginRow>`
    insert into cors_origins (id, environment_id, application_id, origin, created_at, updated_at)
    values (${newId('corsOrigin', at)}, ${tenant.environmentId}, ${applicationId}, ${origin}, ${at}, ${at})
    on conflict (application_id, origin) do nothing
    returning *`);
}

export function deleteCorsOriginRow(db: Db, tenant: Tenant, id: string): Promise<CorsOriginRow | null> {
  return db.maybeOne(sql<CorsOriginRow>`
    delete from cors_origins where environment_id = ${tenant.environmentId} and id = ${id} returning *`);
}
