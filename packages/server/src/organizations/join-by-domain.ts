import type { Db, Services, Tenant } from '../core/index.ts';
import { findVerifiedDomain } from './domain.store.ts';
import { domainOf } from './domain-name.ts';
import type { Invitee } from './invitation.schema.ts';
import type { MembershipRow } from './membership.schema.ts';
import { findMembership } from './membership.store.ts';
import { admit } from './memberships.ts';
import { findOrganization, holdOrganization } from './organization.store.ts';

/**
 * Makes somebody a member of the organization that has proved the domain of their verified address, where it wants that.
 * Whoever was deactivated there stays so: that was somebody's decision.
 *
 * @param user - held by the caller, so that neither the address nor what it proves changes meanwhile
 * @returns the membership they have now; null when none came of it
 */
export async function joinByVerifiedDomain(
  services: Services,
  tx: Db,
  tenant: Tenant,
  user: Invitee,
): Promise<MembershipRow | null> {
  if (!user.isEmailVerified) return null;
  const domain = await findVerifiedDomain(tx, tenant, domainOf(user.email));
  if (!domain) return null;
  const { organizationId } = domain;
  const before = await findMembership(tx, tenant, organizationId, user.id);
  if (before?.status === 'active') return before;
  if (before?.status === 'inactive') return null;
  const organization = await holdOrganization(tx, tenant, organizationId);
  if (!organization?.isJoinedByDomain) return null;
  return admit(services, tx, tenant, { organizationId, userId: user.id, roles: null, status: 'active' });
}

/** Whether `joinByVerifiedDomain` would make them a member of this organization. Looking makes nobody one. */
export async function mayJoinByVerifiedDomain(
  { db }: Pick<Services, 'db'>,
  tenant: Tenant,
  user: Invitee,
  organizationId: string,
): Promise<boolean> {
  const domain = user.isEmailVerified ? await findVerifiedDomain(db, tenant, domainOf(user.email)) : null;
  if (domain?.organizationId !== organizationId) return false;
  const before = await findMembership(db, tenant, organizationId, user.id);
  const organization = await findOrganization(db, tenant, organizationId);
  return organization?.isJoinedByDomain === true && (before === null || before.status === 'pending');
}
