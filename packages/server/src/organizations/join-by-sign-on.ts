import type { Db, Services, Tenant } from '../core/index.ts';
import { isOfOrganization } from './domain-members.ts';
import type { Invitee } from './invitation.schema.ts';
import type { MembershipRow } from './membership.schema.ts';
import { findMembership } from './membership.store.ts';
import { admit, giveRoles } from './memberships.ts';
import { holdOrganization } from './organization.store.ts';

/**
 * Makes somebody who signed in at an organization's identity provider a member of it, where it wants that and the address
 * is one of its domains. Whoever was deactivated there stays so: that was somebody's decision.
 *
 * @param user - held by the caller
 * @param roles - what the provider's groups make them there, member or not; null: roles are given by hand
 * @returns the membership they have now; null when none came of it
 */
export async function joinBySignOn(
  services: Services,
  tx: Db,
  tenant: Tenant,
  user: Invitee,
  organizationId: string,
  roles: readonly string[] | null,
): Promise<MembershipRow | null> {
  const before = await findMembership(tx, tenant, organizationId, user.id);
  if (before?.status === 'active') return roles ? giveRoles(services, tx, tenant, before.id, roles) : before;
  if (before?.status === 'inactive') return null;
  const organization = await holdOrganization(tx, tenant, organizationId);
  if (!organization?.isJoinedBySso) return null;
  if (!(await isOfOrganization(tx, tenant, organizationId, user.email))) return null;
  return admit(services, tx, tenant, { organizationId, userId: user.id, roles, status: 'active' });
}
