import { EntityNotFound, type Services, type Tenant } from '../core/index.ts';
import { markRevoked } from './invitation.store.ts';
import { recordInvitation } from './invitations.ts';
import { lockMembership } from './membership.store.ts';
import { endMembership } from './memberships.ts';

/**
 * Ends a membership, and the sessions in the organization with it. Of somebody who has not accepted yet it takes the
 * invitation back as well: otherwise the link in their mail would undo the deletion.
 *
 * @throws {EntityNotFound}
 */
export async function deleteMembership(services: Services, tenant: Tenant, id: string): Promise<void> {
  await services.db.transaction(async (tx) => {
    const at = services.now();
    const membership = await lockMembership(tx, tenant, id, at);
    if (!membership) throw new EntityNotFound('OrganizationMembership', id);
    await endMembership(services, tx, tenant, membership);
    const { status, invitationId } = membership;
    if (status !== 'pending' || invitationId === null) return;
    const revoked = await markRevoked(tx, tenant, invitationId, at);
    if (revoked) await recordInvitation(services, tx, tenant, revoked, 'revoked');
  });
}
