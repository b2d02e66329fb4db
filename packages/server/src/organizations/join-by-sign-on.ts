import type { Db, Services, Tenant } from '../core/index.ts';
import { isOfOrganization } from './domain-members.ts';
import type { Invitee } from './invitation.schema.ts';
import type { MembershipRow } from './membership.schema.ts';
import { findMembership } from './membership.store.ts';
import { admit } from './memberships.ts';
import { holdOrganization } from './organization.store.ts';

/**
 * Makes somebody who signed in at an organization's identity provider a member of it, where it wants that and the address
 * is one of its domains. Whoever was deactivated there stays so: that was somebody's decision.
 *
 * @param user - held by the caller
 * @returns the membership they have now; null when none came of it
 */
export async function joinBySignOn(
  services: Services,
  tx: Db,
  tenant: Tenant,
  user: Invitee,
  organizationId: string,
): Promise<MembershipRow | null> {
  const before = await findMembership(tx, tenant, organizationId, user.id);
  if (before?.status === 'active') return before;
  if (before?.status === 'inactive') return null;
  const organization = await holdOrganization(tx, tenant, organizationId);
  if (!organization?.isJoinedBySso) return null;
  if (!(await isOfOrganization(tx, tenant, organizationId, user.email))) return null;
  return admit(services, tx, tenant, { organizationId, userId: user.id, roles: null, status: 'active' });
}
