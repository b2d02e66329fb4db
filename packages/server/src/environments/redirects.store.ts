import { type Db, newId, type Page, type PageQuery, pageOf, sql, type Tenant } from '../core/index.ts';
import type { Client, RedirectList, RedirectRow } from './schema.ts';

const tables = { redirect_uris: sql`redirect_uris`, sign_out_redirects: sql`sign_out_redirects` };
const idKinds = { redirect_uris: 'redirectUri', sign_out_redirects: 'signOutRedirect' } as const;

export function listRedirects(
  db: Db,
  tenant: Tenant,
  list: RedirectList,
  query: PageQuery,
): Promise<Page<RedirectRow>> {
  return pageOf(
    query,
    (id) => findRedirect(db, tenant, list, id),
    (where, order, limit) =>
      db.all(sql<RedirectRow>`
        select * from ${tables[list]} where environment_id = ${tenant.environmentId} and ${where}
        order by ${order} limit ${limit}`),
  );
}

/** Every entry of one client, for comparing with what a browser presented. */
export function listRedirectsOf(db: Db, client: Client, list: RedirectList): Promise<RedirectRow[]> {
  return db.all(sql<RedirectRow>`
    select * from ${tables[list]} where application_id = ${client.applicationId} order by created_at, id`);
}

export function findRedirect(db: Db, tenant: Tenant, list: RedirectList, id: string): Promise<RedirectRow | null> {
  return db.maybeOne(sql<RedirectRow>`
    select * from ${tables[list]} where environment_id = ${tenant.environmentId} and id = ${id}`);
}

export function findDefaultRedirect(db: Db, client: Client, list: RedirectList): Promise<RedirectRow | null> {
  return db.maybeOne(sql<RedirectRow>`
    select * from ${tables[list]} where application_id = ${client.applicationId} and is_default = 1`);
}

export async function countRedirects(db: Db, tenant: Tenant, list: RedirectList): Promise<number> {
  const { count } = await db.one(sql<{ count: number }>`
    select count(*) as count from ${tables[list]} where environment_id = ${tenant.environmentId}`);
  return count;
}

/** @returns null when the list has it already */
export function insertRedirect(
  db: Db,
  tenant: Tenant,
  list: RedirectList,
  entry: { applicationId: string; uri: string; isDefault: boolean },
  at: Date,
): Promise<RedirectRow | null> {
  return db.maybeOne(sql<RedirectRow>`
    insert into ${tables[list]} (id, environment_id, application_id, uri, is_default, created_at, updated_at)
    values (${newId(idKinds[list], at)}, ${tenant.environmentId}, ${entry.applicationId}, ${entry.uri},
      ${entry.isDefault}, ${at}, ${at})
    on conflict (application_id, uri) do nothing
    returning *`);
}

export async function deleteRedirectRow(db: Db, tenant: Tenant, list: RedirectList, id: string): Promise<void> {
  await db.run(sql`delete from ${tables[list]} where environment_id = ${tenant.environmentId} and id = ${id}`);
}

/** Moves the mark. The old default goes first: there is never a moment with two, which the index would refuse. */
export async function moveDefault(
  db: Db,
  tenant: Tenant,
  list: RedirectList,
  row: RedirectRow,
  at: Date,
): Promise<RedirectRow> {
  await db.run(sql`
    update ${tables[list]} set is_default = 0, updated_at = ${at}
    where environment_id = ${tenant.environmentId} and application_id = ${row.applicationId} and is_default = 1`);
  return db.one(sql<RedirectRow>`
    update ${tables[list]} set is_default = 1, updated_at = ${at}
    where environment_id = ${tenant.environmentId} and id = ${row.id}
    returning *`);
}
