import type { Db, Services, Tenant } from '../core/index.ts';
import {
  acceptInvitationById,
  InvitationCannotBeUsedForEmail,
  InvitationInvalid,
  joinBySignOn,
  joinByVerifiedDomain,
} from '../organizations/index.ts';
import { isBoundToOrganization, signOnOf } from '../sessions/index.ts';
import { rolesBySignOn } from '../sso/index.ts';
import { lockUser } from '../users/index.ts';
import type { KnownAccount } from './account.ts';
import type { Attempt, Learned } from './attempt.ts';
import { provenToday } from './proven-today.ts';

/**
 * The step `join`: makes the memberships that come with this sign-in. Called once the address and every factor the
 * account has are proved, in the transaction that saves what it returns. The sign-in goes on in the organization it was
 * invited to.
 *
 * @throws {InvitationInvalid} when it was spent, revoked or ran out since the sign-in began
 * @throws {InvitationCannotBeUsedForEmail} when it is not for this person
 */
export async function joinOrganizations(
  services: Services,
  tx: Db,
  tenant: Tenant,
  attempt: Attempt,
  { user, domainOwnerId }: KnownAccount,
): Promise<Learned> {
  const joined: Learned = { answers: { ...attempt.answers, joined: true } };
  const { invitationId } = attempt.request;
  const organizationId = invitationId === null ? null : await acceptFor(services, tx, tenant, invitationId, user.id);
  const held = await lockUser(tx, tenant, user.id);
  const signOn = signOnOf(attempt.proven);
  if (held && signOn) {
    const roles = await rolesBySignOn(tx, tenant, signOn);
    await joinBySignOn(services, tx, tenant, held, signOn.organizationId, roles);
  }
  // What their organization's provider says of a guest is no reason to make them a member elsewhere.
  const isBound = isBoundToOrganization(provenToday(attempt.proven, { domainOwnerId }));
  if (held && !isBound) await joinByVerifiedDomain(services, tx, tenant, held);
  return organizationId === null ? joined : { ...joined, organizationId };
}

/**
 * @returns the organization somebody is a member of now; null when the invitation was to the application alone
 * @throws as `joinOrganizations`
 */
export async function acceptFor(
  services: Services,
  tx: Db,
  tenant: Tenant,
  invitationId: string,
  userId: string,
): Promise<string | null> {
  const acceptance = await acceptInvitationById(services, tx, tenant, invitationId, userId);
  switch (acceptance.outcome) {
    case 'accepted':
      return acceptance.membership?.organizationId ?? null;
    case 'invalid':
      throw new InvitationInvalid();
    case 'other_email':
      throw new InvitationCannotBeUsedForEmail();
  }
}
