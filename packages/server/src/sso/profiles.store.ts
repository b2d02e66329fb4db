import { type Db, json, sql, type Tenant } from '../core/index.ts';

/** Whom a connection's provider has named. */
export interface ProfileRow {
  readonly id: string;
  readonly environmentId: string;
  readonly organizationId: string;
  readonly connectionId: string;
  readonly subject: string;
  /** Whose it is here; null until that is proved. */
  readonly userId: string | null;
  /** As the provider told it last; by itself it decides nothing. */
  readonly email: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly name: string | null;
  readonly groups: readonly string[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Writes down what a provider says of somebody, new or known; whose it is stays as it is. */
export function saveProfile(tx: Db, row: ProfileRow): Promise<ProfileRow> {
  return tx.one(sql<ProfileRow>`
    insert into sso_profiles (id, environment_id, organization_id, connection_id, subject, user_id, email, first_name,
      last_name, name, groups_json, attributes_json, created_at, updated_at)
    values (${row.id}, ${row.environmentId}, ${row.organizationId}, ${row.connectionId}, ${row.subject}, ${row.userId},
      ${row.email}, ${row.firstName}, ${row.lastName}, ${row.name}, ${json(row.groups)}, ${json(row.attributes)},
      ${row.createdAt}, ${row.updatedAt})
    on conflict (connection_id, subject) do update set email = excluded.email, first_name = excluded.first_name,
      last_name = excluded.last_name, name = excluded.name, groups_json = excluded.groups_json,
      attributes_json = excluded.attributes_json, updated_at = excluded.updated_at
    returning *`);
}

export async function findProfile(db: Db, tenant: Tenant, id: string): Promise<ProfileRow | null> {
  if (!/^prof_[0-9A-Za-z]{1,64}$/.test(id)) return null;
  return db.maybeOne(sql<ProfileRow>`
    select * from sso_profiles where id = ${id} and environment_id = ${tenant.environmentId}`);
}

/** Makes a profile one that signs this user in. @returns false when it is somebody else's, or gone */
export async function linkProfile(tx: Db, tenant: Tenant, id: string, userId: string): Promise<boolean> {
  const linked = await tx.run(sql`
    update sso_profiles set user_id = ${userId}
    where id = ${id} and environment_id = ${tenant.environmentId} and (user_id is null or user_id = ${userId})`);
  return linked > 0;
}

export async function unlinkProfilesOf(tx: Db, tenant: Tenant, userId: string): Promise<void> {
  await tx.run(sql`
    update sso_profiles set user_id = null where environment_id = ${tenant.environmentId} and user_id = ${userId}`);
}

export async function deleteProfilesOf(tx: Db, tenant: Tenant, userId: string): Promise<void> {
  await tx.run(sql`delete from sso_profiles where environment_id = ${tenant.environmentId} and user_id = ${userId}`);
}

export async function deleteProfilesIn(tx: Db, tenant: Tenant, connectionId: string): Promise<void> {
  await tx.run(sql`
    delete from sso_profiles where environment_id = ${tenant.environmentId} and connection_id = ${connectionId}`);
}
