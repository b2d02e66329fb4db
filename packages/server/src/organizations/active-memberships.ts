import { type Db, sql, type Tenant } from '../core/index.ts';
import { findUser } from '../users/index.ts';
import { organizationOfAddress } from './domain-members.ts';
import { OrganizationMembershipNotFound } from './errors.ts';
import { forShare } from './organization.store.ts';
import type { Policy } from './policy.schema.ts';

/** What a sign-in has to know of an organization somebody may sign in to: of its two lists of methods, the one for them. */
export interface ActiveMembership extends Omit<Policy, 'guestSignInMethods'> {
  readonly id: string;
  readonly organizationId: string;
  readonly organizationName: string;
  readonly roles: readonly string[];
}

/** Where a user is an active member, by name. @param organizationId - only there */
export async function listActiveMemberships(
  db: Db,
  tenant: Tenant,
  userId: string,
  organizationId: string | null = null,
): Promise<ActiveMembership[]> {
  const there = organizationId === null ? sql`1 = 1` : sql`m.organization_id = ${organizationId}`;
  const rows = await db.all(sql<ActiveMembership & Pick<Policy, 'guestSignInMethods'>>`
    select m.id, m.organization_id, o.name as organization_name, m.roles_json, o.sign_in_methods_json,
      case when m.is_own = 0 and exists (
        select 1 from organization_domains as d where d.organization_id = o.id and d.state = 'verified'
      ) then o.guest_sign_in_methods_json end as guest_sign_in_methods_json, o.mfa, o.is_joined_by_domain, o.is_joined_by_sso
    from organization_memberships as m join organizations as o on o.id = m.organization_id
    where m.environment_id = ${tenant.environmentId} and m.user_id = ${userId} and m.status = 'active' and ${there}
    order by o.name_key, m.id`);
  const isGuestAnywhere = rows.some(({ guestSignInMethods }) => guestSignInMethods !== null);
  const home = isGuestAnywhere ? await homeOf(db, tenant, userId) : null;
  return rows.map(({ guestSignInMethods, ...membership }) =>
    guestSignInMethods === null || membership.organizationId === home
      ? membership
      : { ...membership, signInMethods: guestSignInMethods },
  );
}

/** The organization that has proved the domain of their address. Elsewhere they are guests, unless they were its own once. */
async function homeOf(db: Db, tenant: Tenant, userId: string): Promise<string | null> {
  const user = await findUser(db, tenant, userId);
  return user && organizationOfAddress(db, tenant, user.email);
}

/** The one in an organization; null when they are no active member of it. */
export async function findActiveMembership(
  db: Db,
  tenant: Tenant,
  userId: string,
  organizationId: string,
): Promise<ActiveMembership | null> {
  const [membership = null] = await listActiveMemberships(db, tenant, userId, organizationId);
  return membership;
}

/**
 * Keeps somebody an active member until the transaction ends: whoever ends the membership at the same time either waits
 * and finds the session that begins here, or is seen here.
 *
 * @throws {OrganizationMembershipNotFound} when they are none (any more)
 */
export async function holdMembership(tx: Db, tenant: Tenant, userId: string, organizationId: string): Promise<void> {
  const held = await tx.maybeOne(sql`
    select id from organization_memberships
    where environment_id = ${tenant.environmentId} and organization_id = ${organizationId} and user_id = ${userId}
      and status = 'active' ${forShare}`);
  if (!held) throw new OrganizationMembershipNotFound(organizationId);
}
