import { isDeepStrictEqual } from 'node:util';
import {
  type Db,
  EntityNotFound,
  newId,
  type Page,
  type PageQuery,
  pageOf,
  type Services,
  systemTenant,
  type Tenant,
} from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import { lockUser, readUser } from '../users/index.ts';
import {
  CannotDeactivatePendingMembership,
  CannotReactivatePendingMembership,
  MissingUserIdOrOrganizationId,
  UserAlreadyOrganizationMember,
} from './errors.ts';
import { defaultRole, type MembershipRow, statuses, toMembershipEvent } from './membership.schema.ts';
import {
  findMembership,
  findMembershipById,
  findMembershipPlace,
  insertMembership,
  lockMember,
  lockMembership,
  type MembershipFilter,
  removeMembership,
  removeMembershipsOfInvitation,
  removeMembershipsOfOtherAddress,
  removeOverMembership,
  removeOverMemberships,
  saveMembership,
  selectMemberships,
} from './membership.store.ts';
import { holdOrganization } from './organization.store.ts';

/** @throws {EntityNotFound} also when they were invited and the invitation is over */
export async function getMembership(
  { db, now }: Pick<Services, 'db' | 'now'>,
  tenant: Tenant,
  id: string,
): Promise<MembershipRow> {
  const membership = await findMembershipById(db, tenant, id, now());
  if (!membership) throw new EntityNotFound('OrganizationMembership', id);
  return membership;
}

/** @throws {MissingUserIdOrOrganizationId} when the filter has neither */
export async function listMemberships(
  { db, now }: Pick<Services, 'db' | 'now'>,
  tenant: Tenant,
  query: PageQuery,
  filter: Omit<MembershipFilter, 'currentAt'>,
): Promise<Page<MembershipRow>> {
  if (filter.organizationId === undefined && filter.userId === undefined) throw new MissingUserIdOrOrganizationId();
  const current = { ...filter, currentAt: now() };
  return pageOf(
    query,
    (id) => findMembershipPlace(db, tenant, id),
    (where, order, limit) => selectMemberships(db, tenant, current, { where, order, limit }),
  );
}

interface NewMember {
  readonly organizationId: string;
  readonly userId: string;
  /** Null: what they had before, else the default. */
  readonly roles: readonly string[] | null;
  readonly status: 'active' | 'pending';
  /** By which they are invited, or which they are accepting. */
  readonly invitationId?: string;
}

/**
 * Makes somebody a member, or an inactive or invited member an active one. Who is active stays as they are; who was invited
 * by something that is over begins anew. The caller holds the organization and the user.
 */
export async function admit(services: Services, tx: Db, tenant: Tenant, wanted: NewMember): Promise<MembershipRow> {
  const at = services.now();
  const { organizationId, userId, status, invitationId = null } = wanted;
  const over = await removeOverMembership(tx, tenant, { organizationId, userId, invitationId }, at);
  if (over) await recordMembership(services, tx, tenant, over, 'deleted');
  const inserted = await insertMembership(tx, tenant, {
    id: newId('organizationMembership', at),
    organizationId,
    userId,
    status,
    invitationId,
    roles: wanted.roles ?? [defaultRole],
    createdAt: at,
    updatedAt: at,
  });
  if (inserted) {
    await recordMembership(services, tx, tenant, inserted, 'created');
    return inserted;
  }
  const before = await lockMember(tx, tenant, organizationId, userId);
  if (!before) throw new Error('A membership went away while it was held.');
  if (before.status === 'active' || status === 'pending') return before;
  return change(services, tx, tenant, before, { status: 'active', roles: wanted.roles ?? before.roles });
}

/**
 * `POST /user_management/organization_memberships`
 *
 * @throws {UserAlreadyOrganizationMember} when they are an active member
 * @throws {CannotReactivatePendingMembership} when they were invited and can accept yet
 */
export function createMembership(
  services: Services,
  tenant: Tenant,
  { organizationId, userId, roles }: Omit<NewMember, 'status' | 'invitationId'>,
): Promise<MembershipRow> {
  return services.db.transaction(async (tx) => {
    const user = await lockUser(tx, tenant, userId);
    if (!user) throw new EntityNotFound('User', userId);
    if (!(await holdOrganization(tx, tenant, organizationId))) throw new EntityNotFound('Organization', organizationId);
    const there = await findMembership(tx, tenant, organizationId, userId);
    const before = there && (await lockMembership(tx, tenant, there.id, services.now()));
    if (before?.status === 'active') throw new UserAlreadyOrganizationMember(user.email);
    if (before?.status === 'pending') throw new CannotReactivatePendingMembership();
    return admit(services, tx, tenant, { organizationId, userId, roles, status: 'active' });
  });
}

/** Changes what somebody is to an organization; nothing is written when nothing changes. */
async function change(
  services: Services,
  tx: Db,
  tenant: Tenant,
  before: MembershipRow,
  wanted: Partial<Pick<MembershipRow, 'status' | 'roles'>>,
): Promise<MembershipRow> {
  const after = { ...before, ...wanted };
  if (isDeepStrictEqual(after, before)) return before;
  const membership = await saveMembership(tx, tenant, { ...after, updatedAt: services.now() });
  await recordMembership(services, tx, tenant, membership, 'updated');
  return membership;
}

/** What somebody is to an organization where something other than a person says so, in its own transaction. */
export async function giveRoles(
  services: Services,
  tx: Db,
  tenant: Tenant,
  id: string,
  roles: readonly string[],
): Promise<MembershipRow | null> {
  const before = await lockMembership(tx, tenant, id, services.now());
  return before && change(services, tx, tenant, before, { roles });
}

/** @param roles - null leaves them as they are */
export function updateMembership(
  services: Services,
  tenant: Tenant,
  id: string,
  roles: readonly string[] | null,
): Promise<MembershipRow> {
  return withMembership(services, tenant, id, (tx, before) =>
    change(services, tx, tenant, before, roles === null ? {} : { roles }),
  );
}

/** Their sessions in the organization end. @throws {CannotDeactivatePendingMembership} */
export function deactivateMembership(services: Services, tenant: Tenant, id: string): Promise<MembershipRow> {
  return withMembership(services, tenant, id, (tx, before) => {
    if (before.status === 'pending') throw new CannotDeactivatePendingMembership();
    return change(services, tx, tenant, before, { status: 'inactive' });
  });
}

/** With the roles they had. @throws {CannotReactivatePendingMembership} */
export function reactivateMembership(services: Services, tenant: Tenant, id: string): Promise<MembershipRow> {
  return withMembership(services, tenant, id, (tx, before) => {
    if (before.status === 'pending') throw new CannotReactivatePendingMembership();
    return change(services, tx, tenant, before, { status: 'active' });
  });
}

/** Tells of it, which ends the sessions in the organization. */
export async function endMembership(
  services: Services,
  tx: Db,
  tenant: Tenant,
  membership: MembershipRow,
): Promise<void> {
  const removed = await removeMembership(tx, tenant, membership.id);
  if (removed) await recordMembership(services, tx, tenant, removed, 'deleted');
}

async function withMembership<T>(
  { db, now }: Pick<Services, 'db' | 'now'>,
  tenant: Tenant,
  id: string,
  act: (tx: Db, membership: MembershipRow) => Promise<T>,
): Promise<T> {
  return db.transaction(async (tx) => {
    const membership = await lockMembership(tx, tenant, id, now());
    if (!membership) throw new EntityNotFound('OrganizationMembership', id);
    return act(tx, membership);
  });
}

/** Ends every membership in an organization that is about to go, a few hundred at a time. */
export async function endMembershipsIn(
  services: Services,
  tx: Db,
  tenant: Tenant,
  organizationId: string,
): Promise<void> {
  await endAll(services, tx, tenant, { organizationId });
}

export async function endMembershipsOfUser(services: Services, tx: Db, tenant: Tenant, userId: string): Promise<void> {
  await endAll(services, tx, tenant, { userId });
}

async function endAll(
  services: Services,
  tx: Db,
  tenant: Tenant,
  whose: { readonly organizationId: string } | { readonly userId: string },
): Promise<void> {
  for (;;) {
    const some = await selectMemberships(tx, tenant, { ...whose, statuses });
    if (some.length === 0) return;
    for (const membership of some) await endMembership(services, tx, tenant, membership);
  }
}

async function recordMembership(
  services: Services,
  tx: Db,
  tenant: Tenant,
  membership: MembershipRow,
  what: 'created' | 'updated' | 'deleted',
): Promise<void> {
  await recordEvent(services, tx, tenant, {
    name: `organization_membership.${what}`,
    data: toMembershipEvent(membership),
    userId: membership.userId,
  });
}

/** Takes the invited off the list when there is nothing to accept any more. */
export async function endPendingMemberships(
  services: Services,
  tx: Db,
  tenant: Tenant,
  invitationId: string,
): Promise<void> {
  for (const removed of await removeMembershipsOfInvitation(tx, tenant, invitationId))
    await recordMembership(services, tx, tenant, removed, 'deleted');
}

/** An invitation is for an address: whoever has another one now was not invited. */
export async function endMembershipsOfOtherAddress(
  services: Services,
  tx: Db,
  tenant: Tenant,
  { id, email }: { readonly id: string; readonly email: string },
): Promise<void> {
  for (const removed of await removeMembershipsOfOtherAddress(tx, tenant, id, email))
    await recordMembership(services, tx, tenant, removed, 'deleted');
}

/** Tells of the pending memberships whose invitation has run out; they were shown to nobody since. */
export function endOverMemberships(services: Services): Promise<void> {
  return services.db.transaction(async (tx) => {
    for (const removed of await removeOverMemberships(tx, services.now()))
      await recordMembership(services, tx, systemTenant(removed.environmentId), removed, 'deleted');
  });
}

/** Their users, in the order of the memberships. */
export async function usersOf(db: Services['db'], tenant: Tenant, memberships: readonly MembershipRow[]) {
  const users = await Promise.all(memberships.map(({ userId }) => readUser(db, tenant, userId)));
  return memberships.flatMap((membership, index) => {
    const user = users[index];
    return user ? [{ id: membership.id, membership, user }] : [];
  });
}
