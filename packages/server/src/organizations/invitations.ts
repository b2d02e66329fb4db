import {
  after,
  countAgainst,
  type Db,
  days,
  EntityNotFound,
  hours,
  InvalidRequestParameters,
  type Limit,
  minutes,
  newId,
  newSecret,
  type Page,
  type PageQuery,
  pageOf,
  Secret,
  type Services,
  sha256,
  type Tenant,
} from '../core/index.ts';
import { getEnvironment, limitFactor } from '../environments/index.ts';
import { recordEvent } from '../events/index.ts';
import { findUser, findUserByEmail, InvalidEmail, normalizeEmail } from '../users/index.ts';
import {
  EmailAlreadyInvited,
  EmailAlreadyInvitedToOrganization,
  ExpiresInDaysTooLong,
  ExpiresInDaysTooShort,
  InviteAccepted,
  InviteExpired,
  InviteNotPending,
  InviteRevoked,
  UserAlreadyExists,
  UserAlreadyOrganizationMember,
} from './errors.ts';
import { type InvitationRow, placeOf, stateOf, toInvitationEvent, tokenOf } from './invitation.schema.ts';
import {
  findInvitation,
  findInvitationAnywhere,
  findInvitationByToken,
  type InvitationFilter,
  insertInvitation,
  markRevoked,
  selectInvitations,
} from './invitation.store.ts';
import { mailInvitation } from './invitation-mail.ts';
import { findMembership } from './membership.store.ts';
import { admit, endPendingMemberships } from './memberships.ts';
import { holdOrganization } from './organization.store.ts';

/** How long an invitation may be accepted, in days. */
const lifetime = { min: 1, max: 30, usual: 7 };

/** Mails to one address, whoever asks: nobody's inbox is flooded through us. */
const perMinute: Limit = { name: 'invitation-mail-minute', max: 3, windowMs: minutes(1) };
const perHour: Limit = { name: 'invitation-mail-hour', max: 10, windowMs: hours(1) };
const perDay: Limit = { name: 'invitation-mail-day', max: 30, windowMs: days(1) };

export interface NewInvitation {
  readonly email: string;
  readonly organizationId: string | null;
  readonly roleSlug: string | null;
  readonly expiresInDays: number | null;
  readonly inviterUserId: string | null;
  readonly locale: string | null;
}

/**
 * Invites an address, to an organization or to the application alone, and mails the link. Of several requests at once for
 * one address and organization, one is sent.
 *
 * @throws {TooManyRequests} when the address is written to too often
 */
export async function sendInvitation(
  services: Services,
  tenant: Tenant,
  wanted: NewInvitation,
): Promise<InvitationRow> {
  const email = normalizeEmail(wanted.email);
  if (email === null)
    throw new InvalidRequestParameters([
      { code: 'email_invalid', message: new InvalidEmail().message, field: 'email' },
    ]);
  const days = wanted.expiresInDays ?? lifetime.usual;
  if (days < lifetime.min) throw new ExpiresInDaysTooShort();
  if (days > lifetime.max) throw new ExpiresInDaysTooLong();
  await assertMayMail(services, tenant, email);
  return services.db.transaction((tx) => invite(services, tx, tenant, { ...wanted, email, expiresInDays: days }));
}

/** The same within a transaction. @param wanted.email - normalised */
export async function invite(
  services: Services,
  tx: Db,
  tenant: Tenant,
  wanted: NewInvitation,
): Promise<InvitationRow> {
  const { organizationId, email, inviterUserId } = wanted;
  if (inviterUserId !== null && !(await findUser(tx, tenant, inviterUserId)))
    throw new EntityNotFound('User', inviterUserId);
  const user = await findUserByEmail(tx, tenant, email);
  if (organizationId === null) {
    if (user) throw new UserAlreadyExists(email);
  } else {
    if (!(await holdOrganization(tx, tenant, organizationId))) throw new EntityNotFound('Organization', organizationId);
    const membership = user && (await findMembership(tx, tenant, organizationId, user.id));
    if (membership?.status === 'active') throw new UserAlreadyOrganizationMember(email);
  }
  const { invitation, token } = newInvitation(services, tenant, wanted);
  const row = await insertInvitation(tx, tenant, invitation);
  if (!row)
    throw organizationId === null ? new EmailAlreadyInvited(email) : new EmailAlreadyInvitedToOrganization(email);
  if (user && organizationId !== null) {
    const roles = wanted.roleSlug === null ? null : [wanted.roleSlug];
    await admit(services, tx, tenant, {
      organizationId,
      userId: user.id,
      roles,
      status: 'pending',
      invitationId: row.id,
    });
  }
  await mailInvitation(services, tx, tenant, row, token);
  await recordInvitation(services, tx, tenant, row, 'created');
  return row;
}

function newInvitation(
  { vault, now }: Pick<Services, 'vault' | 'now'>,
  { environmentId }: Tenant,
  { expiresInDays, ...wanted }: NewInvitation,
): { invitation: InvitationRow; token: Secret } {
  const at = now();
  const id = newId('invitation', at);
  const token = newSecret();
  const invitation = {
    ...wanted,
    id,
    environmentId,
    acceptedUserId: null,
    tokenHash: token.hash(),
    sealedToken: vault.seal(token.reveal(), placeOf({ id, environmentId })),
    expiresAt: after(at, days(expiresInDays ?? lifetime.usual)),
    acceptedAt: null,
    revokedAt: null,
    createdAt: at,
    updatedAt: at,
  };
  return { invitation, token };
}

/** @throws {EntityNotFound} also when it belongs to another environment */
export async function getInvitation(db: Db, tenant: Tenant, id: string): Promise<InvitationRow> {
  const invitation = await findInvitation(db, tenant, id);
  if (!invitation) throw new EntityNotFound('Invitation', id);
  return invitation;
}

export async function listInvitations(
  db: Db,
  tenant: Tenant,
  query: PageQuery,
  filter: InvitationFilter,
): Promise<Page<InvitationRow>> {
  return pageOf(
    query,
    (id) => findInvitation(db, tenant, id),
    (where, order, limit) => selectInvitations(db, tenant, filter, where, order, limit),
  );
}

/** The invitation of a token while it can be accepted; null afterwards, and when there is none here. */
export async function findOpenInvitation(
  { db, now }: { readonly db: Db; readonly now: () => Date },
  tenant: Tenant,
  token: string,
): Promise<InvitationRow | null> {
  const invitation = await findInvitationByToken(db, tenant, sha256(token));
  return invitation && stateOf(invitation, now()) === 'pending' ? invitation : null;
}

/** The token of an invitation that can be accepted yet, for the browser whose sign-in began with it; null otherwise. */
export async function findOpenToken(
  { db, vault, now }: Pick<Services, 'db' | 'vault' | 'now'>,
  tenant: Tenant,
  id: string,
): Promise<string | null> {
  const invitation = await findInvitation(db, tenant, id);
  return invitation && stateOf(invitation, now()) === 'pending' ? tokenOf(vault, invitation) : null;
}

/** Whatever became of it, in whatever environment. Only for the page that the mailed link opens. */
export const findMailedInvitation = (db: Db, token: string): Promise<InvitationRow | null> =>
  findInvitationAnywhere(db, sha256(token));

/**
 * Mails the link of a pending invitation again; it expires when it would have.
 *
 * @throws {InviteExpired}
 * @throws {InviteRevoked}
 * @throws {InviteAccepted}
 * @throws {TooManyRequests}
 */
export async function resendInvitation(
  services: Services,
  tenant: Tenant,
  id: string,
  locale: string | null,
): Promise<InvitationRow> {
  const invitation = await getInvitation(services.db, tenant, id);
  assertPending(invitation, services.now());
  await assertMayMail(services, tenant, invitation.email);
  return services.db.transaction(async (tx) => {
    const row = await getInvitation(tx, tenant, id);
    assertPending(row, services.now());
    const again = locale === null ? row : { ...row, locale };
    await mailInvitation(services, tx, tenant, again, new Secret(tokenOf(services.vault, row)));
    await recordInvitation(services, tx, tenant, row, 'resent');
    return row;
  });
}

function assertPending(invitation: InvitationRow, at: Date): void {
  switch (stateOf(invitation, at)) {
    case 'pending':
      return;
    case 'expired':
      throw new InviteExpired();
    case 'revoked':
      throw new InviteRevoked();
    case 'accepted':
      throw new InviteAccepted();
  }
}

/** @throws {InviteNotPending} */
export function revokeInvitation(services: Services, tenant: Tenant, id: string): Promise<InvitationRow> {
  return services.db.transaction(async (tx) => {
    await getInvitation(tx, tenant, id);
    const revoked = await markRevoked(tx, tenant, id, services.now());
    if (!revoked) throw new InviteNotPending();
    await endPendingMemberships(services, tx, tenant, id);
    await recordInvitation(services, tx, tenant, revoked, 'revoked');
    return revoked;
  });
}

/** Counts one more mail to this address. Outside a transaction: what is refused has been counted all the same. */
export async function assertMayMail(services: Services, tenant: Tenant, email: string): Promise<void> {
  const factor = limitFactor(services, await getEnvironment(services, tenant.environmentId));
  const key = `${tenant.environmentId}\n${email.toLowerCase()}`;
  for (const limit of [perMinute, perHour, perDay]) await countAgainst(services, limit, key, factor);
}

export async function recordInvitation(
  services: Services,
  tx: Db,
  tenant: Tenant,
  invitation: InvitationRow,
  what: 'created' | 'accepted' | 'revoked' | 'resent',
): Promise<void> {
  await recordEvent(services, tx, tenant, {
    name: `invitation.${what}`,
    data: toInvitationEvent(invitation, services.now()),
    userId: invitation.acceptedUserId,
  });
}
