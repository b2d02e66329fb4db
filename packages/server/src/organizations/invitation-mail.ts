import { type Db, days, type Secret, type Services, type Tenant } from '../core/index.ts';
import { getAddress } from '../environments/index.ts';
import { queueMail } from '../mail/index.ts';
import { displayName, findUser } from '../users/index.ts';
import { acceptUrl, type InvitationRow } from './invitation.schema.ts';
import { findOrganization } from './organization.store.ts';

/** Puts the mail with the link into the outbox. */
export async function mailInvitation(
  services: Services,
  tx: Db,
  tenant: Tenant,
  invitation: InvitationRow,
  token: Secret,
): Promise<void> {
  const { organizationId, inviterUserId, email, expiresAt } = invitation;
  const organization = organizationId === null ? null : await findOrganization(tx, tenant, organizationId);
  const inviter = inviterUserId === null ? null : await findUser(tx, tenant, inviterUserId);
  await queueMail(services, tx, tenant, {
    to: email,
    notAfter: expiresAt,
    locale: invitation.locale,
    template: 'invitation',
    data: {
      url: acceptUrl(await getAddress(services, tx, tenant.environmentId), token.reveal()),
      organizationName: organization?.name ?? null,
      inviterName: inviter && displayName(inviter),
      expiresInDays: Math.max(1, Math.round((expiresAt.getTime() - services.now().getTime()) / days(1))),
    },
  });
}
