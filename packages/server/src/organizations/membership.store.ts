import { anyOf, type Db, json, type Statement, sql, type Tenant } from '../core/index.ts';
import type { MembershipRow, MembershipStatus } from './membership.schema.ts';
import { forUpdate } from './organization.store.ts';

/** With the organization's name, as every answer has it. */
const columns = sql`id, organization_id, user_id, status, roles_json, created_at, updated_at, (
  select name from organizations as o where o.id = organization_memberships.organization_id) as organization_name`;

const isMembershipId = (id: string): boolean => /^om_[0-9A-Za-z]{1,64}$/.test(id);

export async function findMembershipById(db: Db, tenant: Tenant, id: string): Promise<MembershipRow | null> {
  if (!isMembershipId(id)) return null;
  return db.maybeOne(sql<MembershipRow>`
    select ${columns} from organization_memberships where id = ${id} and environment_id = ${tenant.environmentId}`);
}

/** The same, kept from changing until the transaction ends. */
export async function lockMembership(tx: Db, tenant: Tenant, id: string): Promise<MembershipRow | null> {
  if (!isMembershipId(id)) return null;
  return tx.maybeOne(sql<MembershipRow>`
    select ${columns} from organization_memberships
    where id = ${id} and environment_id = ${tenant.environmentId} ${forUpdate}`);
}

/** What a user is to an organization, whatever the status. */
export function findMembership(
  db: Db,
  tenant: Tenant,
  organizationId: string,
  userId: string,
): Promise<MembershipRow | null> {
  return db.maybeOne(sql<MembershipRow>`
    select ${columns} from organization_memberships
    where environment_id = ${tenant.environmentId} and organization_id = ${organizationId} and user_id = ${userId}`);
}

/** @returns null when there is one already */
export function insertMembership(
  tx: Db,
  tenant: Tenant,
  row: Omit<MembershipRow, 'organizationName'>,
): Promise<MembershipRow | null> {
  return tx.maybeOne(sql<MembershipRow>`
    insert into organization_memberships
      (id, environment_id, organization_id, user_id, status, roles_json, created_at, updated_at)
    values (${row.id}, ${tenant.environmentId}, ${row.organizationId}, ${row.userId}, ${row.status},
      ${json(row.roles)}, ${row.createdAt}, ${row.updatedAt})
    on conflict do nothing
    returning ${columns}`);
}

export function saveMembership(tx: Db, tenant: Tenant, row: MembershipRow): Promise<MembershipRow> {
  return tx.one(sql<MembershipRow>`
    update organization_memberships set status = ${row.status}, roles_json = ${json(row.roles)},
      updated_at = ${row.updatedAt}
    where id = ${row.id} and environment_id = ${tenant.environmentId}
    returning ${columns}`);
}

export function removeMembership(tx: Db, tenant: Tenant, id: string): Promise<MembershipRow | null> {
  return tx.maybeOne(sql<MembershipRow>`
    delete from organization_memberships where id = ${id} and environment_id = ${tenant.environmentId}
    returning ${columns}`);
}

export interface MembershipFilter {
  readonly organizationId?: string | undefined;
  readonly userId?: string | undefined;
  readonly statuses: readonly MembershipStatus[];
}

const all = { where: sql`1 = 1`, order: sql`created_at, id`, limit: 1000 };

/** @param page - see `pageOf`; oldest first when not given */
export function selectMemberships(
  db: Db,
  tenant: Tenant,
  { organizationId, userId, statuses }: MembershipFilter,
  { where, order, limit }: { where: Statement; order: Statement; limit: number } = all,
): Promise<MembershipRow[]> {
  const conditions = [where, sql`status ${anyOf(statuses)}`];
  if (organizationId !== undefined) conditions.push(sql`organization_id = ${organizationId}`);
  if (userId !== undefined) conditions.push(sql`user_id = ${userId}`);
  return db.all(sql<MembershipRow>`
    select ${columns} from organization_memberships
    where environment_id = ${tenant.environmentId} and ${sql.join(conditions, ' and ')}
    order by ${order} limit ${limit}`);
}

/** The active members of an organization, by id alone: what a list of users is narrowed with. */
export const memberIds = (tenant: Tenant, organizationId: string): Statement => sql`
  select user_id from organization_memberships
  where environment_id = ${tenant.environmentId} and organization_id = ${organizationId} and status = 'active'`;
