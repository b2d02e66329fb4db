/**
 * Who belongs together: organizations with the domains they proved and the policy they sign in by, who is a member in
 * which role, who is invited, and who waits to be let in.
 *
 * Owns `organizations`, `organization_domains`, `organization_memberships`, `invitations` and `waitlist_users`. Later
 * rooms ask where somebody is a member, let people join and accept, and follow `organization_membership.*`.
 */
import type { Route } from '../core/index.ts';
import { domainRoutes } from './domain.routes.ts';
import { invitationRoutes } from './invitation.routes.ts';
import { membershipRoutes } from './membership.routes.ts';
import { organizationOnlyRoutes } from './organization.routes.ts';
import { userListRoutes } from './users.routes.ts';
import { waitlistRoutes } from './waitlist.routes.ts';

export const organizationRoutes: readonly Route[] = [
  ...organizationOnlyRoutes,
  ...domainRoutes,
  ...membershipRoutes,
  ...invitationRoutes,
  ...waitlistRoutes,
  ...userListRoutes,
];

export { acceptInvitation, acceptInvitationById, fitsAddress } from './accept-invitation.ts';
export {
  type ActiveMembership,
  findActiveMembership,
  holdMembership,
  listActiveMemberships,
} from './active-memberships.ts';
export { selectDomainsOf } from './domain.store.ts';
export { isOfOrganization, organizationOfAddress, vouchesFor } from './domain-members.ts';
export {
  InvitationCannotBeUsedForEmail,
  InvitationInvalid,
  OrganizationMembershipNotFound,
  OrganizationNotFound,
} from './errors.ts';
export { type Acceptance, type InvitationRow, stateOf } from './invitation.schema.ts';
export { findInvitation } from './invitation.store.ts';
export { findMailedInvitation, findOpenInvitation, findOpenToken } from './invitations.ts';
export { joinByVerifiedDomain, mayJoinByVerifiedDomain } from './join-by-domain.ts';
export { joinBySignOn } from './join-by-sign-on.ts';
export { mayMakeAccount } from './may-make-account.ts';
export { defaultRole, type MembershipRow } from './membership.schema.ts';
export { findMembership } from './membership.store.ts';
export { endOverMemberships } from './memberships.ts';
export { findOrganization, holdOrganization, listOrganizationsWith } from './organization.store.ts';
export type { Policy } from './policy.schema.ts';
export { organizationReactions } from './reactions.ts';
export { isRoleSlug } from './roles.ts';
export { checkDueDomains } from './verify-domain.ts';
export { joinWaitlist } from './waitlist.ts';
