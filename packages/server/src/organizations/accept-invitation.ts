import { type Db, type Services, sha256, type Tenant } from '../core/index.ts';
import { getEnvironment } from '../environments/index.ts';
import { emailKey, findUserByEmail, lockUser, type UserRow } from '../users/index.ts';
import { isConsumerDomain } from './consumer-domains.ts';
import { domainOf } from './domain-name.ts';
import { InvalidInvite, InviteHasAcceptedUserId, InviteNotPending } from './errors.ts';
import { type Acceptance, type InvitationRow, type Invitee, stateOf } from './invitation.schema.ts';
import { findInvitation, findInvitationByToken, spendInvitation } from './invitation.store.ts';
import { getInvitation, recordInvitation } from './invitations.ts';
import type { MembershipRow } from './membership.schema.ts';
import { admit, endPendingMemberships } from './memberships.ts';
import { holdOrganization } from './organization.store.ts';

/**
 * Whether this person may use an invitation.
 *
 * To the application alone anybody may whom it was given. Into an organization only the invited address gets, or, where
 * the domain gives its addresses to its own people only, any address of that domain; and the address counts once its owner
 * has shown that it is theirs, because accounts are made with other people's addresses too.
 */
function maySpend(invitation: Pick<InvitationRow, 'email' | 'organizationId'>, user: Invitee): boolean {
  if (invitation.organizationId === null) return true;
  return user.isEmailVerified && fitsAddress(invitation, user.email);
}

/** The part of `maySpend` that is about the address, for whoever has yet to prove it. */
export function fitsAddress(invitation: Pick<InvitationRow, 'email' | 'organizationId'>, email: string): boolean {
  if (invitation.organizationId === null || emailKey(invitation.email) === emailKey(email)) return true;
  const domain = domainOf(invitation.email);
  return !isConsumerDomain(domain) && domainOf(email) === domain;
}

/**
 * Spends an invitation, once: it makes the person a member, in the transaction that signs them in. Of any number at once
 * one gets in. Who is invited into an organization they were deactivated in is active in it again.
 */
export async function acceptInvitation(
  services: Services,
  tx: Db,
  tenant: Tenant,
  token: string,
  user: Pick<Invitee, 'id'>,
): Promise<Acceptance<MembershipRow>> {
  return accept(services, tx, tenant, await findInvitationByToken(tx, tenant, sha256(token)), user.id);
}

/** The same for a sign-in that looked at the token when it began. */
export async function acceptInvitationById(
  services: Services,
  tx: Db,
  tenant: Tenant,
  id: string,
  userId: string,
): Promise<Acceptance<MembershipRow>> {
  return accept(services, tx, tenant, await findInvitation(tx, tenant, id), userId);
}

async function accept(
  services: Services,
  tx: Db,
  tenant: Tenant,
  invitation: InvitationRow | null,
  userId: string,
): Promise<Acceptance<MembershipRow>> {
  if (!invitation || stateOf(invitation, services.now()) !== 'pending') return { outcome: 'invalid' };
  const user = await lockUser(tx, tenant, userId);
  if (!user) return { outcome: 'invalid' };
  return maySpend(invitation, user) ? spend(services, tx, tenant, invitation, user) : { outcome: 'other_email' };
}

async function spend(
  services: Services,
  tx: Db,
  tenant: Tenant,
  { tokenHash, organizationId, roleSlug }: InvitationRow,
  user: UserRow,
): Promise<Acceptance<MembershipRow>> {
  // Before the invitation: whoever deletes the organization takes them in this order too.
  if (organizationId !== null && !(await holdOrganization(tx, tenant, organizationId))) return { outcome: 'invalid' };
  const invitation = await spendInvitation(tx, tenant, tokenHash, user.id, services.now());
  if (!invitation) return { outcome: 'invalid' };
  const roles = roleSlug === null ? null : [roleSlug];
  const membership =
    organizationId === null
      ? null
      : await admit(services, tx, tenant, {
          organizationId,
          userId: user.id,
          roles,
          status: 'active',
          invitationId: invitation.id,
        });
  // A colleague of whoever was invited may accept it: nothing is left that the invited one could.
  await endPendingMemberships(services, tx, tenant, invitation.id);
  await recordInvitation(services, tx, tenant, invitation, 'accepted');
  return { outcome: 'accepted', invitation, membership };
}

/**
 * `POST /user_management/invitations/{id}/accept`: the application accepts for the user with the invited address.
 *
 * An address nobody has verified counts only where its account cannot be used before somebody does. Otherwise whoever
 * signed up first with an address of somebody else would be let in for them.
 *
 * @throws {InviteHasAcceptedUserId}
 * @throws {InviteNotPending} when it was revoked or has expired
 * @throws {InvalidInvite} when there is no such user, or one whose address proves nothing
 */
export async function acceptForUser(services: Services, tenant: Tenant, id: string): Promise<InvitationRow> {
  const { settings } = await getEnvironment(services, tenant.environmentId);
  return services.db.transaction(async (tx) => {
    const invitation = await getInvitation(tx, tenant, id);
    if (invitation.acceptedAt) throw new InviteHasAcceptedUserId();
    if (stateOf(invitation, services.now()) !== 'pending') throw new InviteNotPending();
    const found = await findUserByEmail(tx, tenant, invitation.email);
    const user = found && (await lockUser(tx, tenant, found.id));
    if (!user) throw new InvalidInvite('There is no user with the invited address yet. They sign up first.');
    if (!user.isEmailVerified && !settings.requireEmailVerification)
      throw new InvalidInvite('The user has not verified the invited address.');
    const acceptance = await spend(services, tx, tenant, invitation, user);
    if (acceptance.outcome !== 'accepted') throw new InviteNotPending();
    return acceptance.invitation;
  });
}
