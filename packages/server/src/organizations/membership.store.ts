import { anyOf, type Db, json, type Statement, sql, type Tenant } from '../core/index.ts';
import { emailKey } from '../users/index.ts';
import type { MembershipRow, MembershipStatus } from './membership.schema.ts';
import { forUpdate } from './organization.store.ts';

/** With the organization's name, as every answer has it. */
const columns = sql`id, organization_id, user_id, status, invitation_id, roles_json, created_at, updated_at, (
  select name from organizations as o where o.id = organization_memberships.organization_id) as organization_name`;

const isAcceptable = (at: Date): Statement => sql`exists (
  select 1 from invitations as i
  where i.id = organization_memberships.invitation_id and i.is_open = 1 and i.expires_at > ${at})`;

/** A pending member is one for as long as there is something to accept. What is over is not shown, and soon removed. */
const isCurrent = (at: Date): Statement => sql`(status <> 'pending' or ${isAcceptable(at)})`;

const isMembershipId = (id: string): boolean => /^om_[0-9A-Za-z]{1,64}$/.test(id);

export async function findMembershipById(db: Db, tenant: Tenant, id: string, at: Date): Promise<MembershipRow | null> {
  if (!isMembershipId(id)) return null;
  return db.maybeOne(sql<MembershipRow>`
    select ${columns} from organization_memberships
    where id = ${id} and environment_id = ${tenant.environmentId} and ${isCurrent(at)}`);
}

/** Where a list goes on after it: it has its place there, although its invitation may be over by now. */
export async function findMembershipPlace(db: Db, tenant: Tenant, id: string): Promise<MembershipRow | null> {
  if (!isMembershipId(id)) return null;
  return db.maybeOne(sql<MembershipRow>`
    select ${columns} from organization_memberships where id = ${id} and environment_id = ${tenant.environmentId}`);
}

/** One that is current, kept from changing until the transaction ends. */
export async function lockMembership(tx: Db, tenant: Tenant, id: string, at: Date): Promise<MembershipRow | null> {
  if (!isMembershipId(id)) return null;
  return tx.maybeOne(sql<MembershipRow>`
    select ${columns} from organization_memberships
    where id = ${id} and environment_id = ${tenant.environmentId} and ${isCurrent(at)} ${forUpdate}`);
}

/** What a user is to an organization, whatever the status; a pending one may be over. */
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

/** The same, kept from changing until the transaction ends. */
export function lockMember(
  tx: Db,
  tenant: Tenant,
  organizationId: string,
  userId: string,
): Promise<MembershipRow | null> {
  return tx.maybeOne(sql<MembershipRow>`
    select ${columns} from organization_memberships
    where environment_id = ${tenant.environmentId} and organization_id = ${organizationId} and user_id = ${userId}
    ${forUpdate}`);
}

/** @returns null when there is one already */
export function insertMembership(
  tx: Db,
  tenant: Tenant,
  row: Omit<MembershipRow, 'organizationName'>,
): Promise<MembershipRow | null> {
  return tx.maybeOne(sql<MembershipRow>`
    insert into organization_memberships
      (id, environment_id, organization_id, user_id, status, invitation_id, roles_json, created_at, updated_at)
    values (${row.id}, ${tenant.environmentId}, ${row.organizationId}, ${row.userId}, ${row.status},
      ${row.invitationId}, ${json(row.roles)}, ${row.createdAt}, ${row.updatedAt})
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

/**
 * Removes the pending membership of a user in an organization when its invitation cannot be accepted any more.
 *
 * @param invitationId - the one that is being accepted, which its own transaction has spent
 * @returns it; null when there is none, or one that goes on
 */
export function removeOverMembership(
  tx: Db,
  tenant: Tenant,
  { organizationId, userId, invitationId }: Pick<MembershipRow, 'organizationId' | 'userId' | 'invitationId'>,
  at: Date,
): Promise<MembershipRow | null> {
  return tx.maybeOne(sql<MembershipRow>`
    delete from organization_memberships
    where environment_id = ${tenant.environmentId} and organization_id = ${organizationId} and user_id = ${userId}
      and status = 'pending' and coalesce(invitation_id, '') <> ${invitationId ?? ''} and not ${isAcceptable(at)}
    returning ${columns}`);
}

/** Removes the pending memberships that an invitation made. */
export function removeMembershipsOfInvitation(tx: Db, tenant: Tenant, invitationId: string): Promise<MembershipRow[]> {
  return tx.all(sql<MembershipRow>`
    delete from organization_memberships
    where environment_id = ${tenant.environmentId} and invitation_id = ${invitationId} and status = 'pending'
    returning ${columns}`);
}

/** Removes the pending memberships of a user that were made by invitations to another address than this. */
export function removeMembershipsOfOtherAddress(
  tx: Db,
  tenant: Tenant,
  userId: string,
  email: string,
): Promise<MembershipRow[]> {
  return tx.all(sql<MembershipRow>`
    delete from organization_memberships
    where environment_id = ${tenant.environmentId} and user_id = ${userId} and status = 'pending' and not exists (
      select 1 from invitations as i
      where i.id = organization_memberships.invitation_id and i.email_key = ${emailKey(email)})
    returning ${columns}`);
}

/** From now on the user is one of the organization's own people, whatever address they get. */
export async function markOwn(tx: Db, tenant: Tenant, organizationId: string, userId: string): Promise<void> {
  await tx.run(sql`
    update organization_memberships set is_own = 1
    where environment_id = ${tenant.environmentId} and organization_id = ${organizationId} and user_id = ${userId}`);
}

/** The same for all whose address is in a domain of the organization, while it is still known to be that. */
export async function markOwnOfDomain(tx: Db, tenant: Tenant, organizationId: string, domain: string): Promise<void> {
  await tx.run(sql`
    update organization_memberships set is_own = 1
    where environment_id = ${tenant.environmentId} and organization_id = ${organizationId} and exists (
      select 1 from users as u where u.id = organization_memberships.user_id and u.email_key like ${`%@${domain}`})`);
}

/** A few hundred pending memberships of any environment whose invitation is over; each is removed once, whoever asks. */
export function removeOverMemberships(tx: Db, at: Date): Promise<(MembershipRow & { environmentId: string })[]> {
  return tx.all(sql<MembershipRow & { environmentId: string }>`
    delete from organization_memberships where id in (
      select id from organization_memberships where status = 'pending' and not ${isAcceptable(at)} limit 200)
      and status = 'pending' and not ${isAcceptable(at)}
    returning ${columns}, environment_id`);
}

export interface MembershipFilter {
  readonly organizationId?: string | undefined;
  readonly userId?: string | undefined;
  readonly statuses: readonly MembershipStatus[];
  /** Leaves out what is over by then. */
  readonly currentAt?: Date;
}

const all = { where: sql`1 = 1`, order: sql`created_at, id`, limit: 1000 };

/** @param page - see `pageOf`; oldest first when not given */
export function selectMemberships(
  db: Db,
  tenant: Tenant,
  { organizationId, userId, statuses, currentAt }: MembershipFilter,
  { where, order, limit }: { where: Statement; order: Statement; limit: number } = all,
): Promise<MembershipRow[]> {
  const conditions = [where, sql`status ${anyOf(statuses)}`];
  if (organizationId !== undefined) conditions.push(sql`organization_id = ${organizationId}`);
  if (userId !== undefined) conditions.push(sql`user_id = ${userId}`);
  if (currentAt !== undefined) conditions.push(isCurrent(currentAt));
  return db.all(sql<MembershipRow>`
    select ${columns} from organization_memberships
    where environment_id = ${tenant.environmentId} and ${sql.join(conditions, ' and ')}
    order by ${order} limit ${limit}`);
}

/** The active members of an organization, by id alone: what a list of users is narrowed with. */
export const memberIds = (tenant: Tenant, organizationId: string): Statement => sql`
  select user_id from organization_memberships
  where environment_id = ${tenant.environmentId} and organization_id = ${organizationId} and status = 'active'`;
