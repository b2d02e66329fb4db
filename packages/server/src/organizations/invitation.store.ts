import { type Db, type Hash, type Statement, sql, type Tenant } from '../core/index.ts';
import { emailKey } from '../users/index.ts';
import type { InvitationRow } from './invitation.schema.ts';

const columns = sql`id, environment_id, organization_id, email, role_slug, inviter_user_id, accepted_user_id, locale,
  token_hash, sealed_token, expires_at, accepted_at, revoked_at, created_at, updated_at`;

const isInvitationId = (id: string): boolean => /^invitation_[0-9A-Za-z]{1,64}$/.test(id);

export async function findInvitation(db: Db, tenant: Tenant, id: string): Promise<InvitationRow | null> {
  if (!isInvitationId(id)) return null;
  return db.maybeOne(sql<InvitationRow>`
    select ${columns} from invitations where id = ${id} and environment_id = ${tenant.environmentId}`);
}

export function findInvitationByToken(db: Db, tenant: Tenant, tokenHash: Hash): Promise<InvitationRow | null> {
  return db.maybeOne(sql<InvitationRow>`
    select ${columns} from invitations
    where token_hash = ${tokenHash} and environment_id = ${tenant.environmentId}`);
}

/** By its token alone. Only for the link in the mail, which names no environment; the token is 256 bits and unique. */
export function findInvitationAnywhere(db: Db, tokenHash: Hash): Promise<InvitationRow | null> {
  return db.maybeOne(sql<InvitationRow>`select ${columns} from invitations where token_hash = ${tokenHash}`);
}

/** @returns null when there is an open one for this address and organization */
export async function insertInvitation(tx: Db, tenant: Tenant, row: InvitationRow): Promise<InvitationRow | null> {
  // What has expired stands in nobody's way. Nothing else closes it: the state follows from the time.
  await tx.run(sql`
    update invitations set is_open = 0
    where environment_id = ${tenant.environmentId} and email_key = ${emailKey(row.email)} and is_open = 1
      and expires_at <= ${row.createdAt}`);
  return tx.maybeOne(sql<InvitationRow>`
    insert into invitations (id, environment_id, organization_id, email, email_key, role_slug, inviter_user_id,
      accepted_user_id, locale, token_hash, sealed_token, is_open, expires_at, accepted_at, revoked_at, created_at,
      updated_at)
    values (${row.id}, ${tenant.environmentId}, ${row.organizationId}, ${row.email}, ${emailKey(row.email)},
      ${row.roleSlug}, ${row.inviterUserId}, ${row.acceptedUserId}, ${row.locale}, ${row.tokenHash},
      ${row.sealedToken}, 1, ${row.expiresAt}, ${row.acceptedAt}, ${row.revokedAt}, ${row.createdAt}, ${row.updatedAt})
    on conflict do nothing
    returning ${columns}`);
}

/** Spends an invitation. Null when it is unknown here, over, or somebody spent it first. */
export function spendInvitation(
  tx: Db,
  tenant: Tenant,
  tokenHash: string,
  userId: string,
  at: Date,
): Promise<InvitationRow | null> {
  return tx.maybeOne(sql<InvitationRow>`
    update invitations set accepted_at = ${at}, accepted_user_id = ${userId}, is_open = 0, updated_at = ${at}
    where token_hash = ${tokenHash} and environment_id = ${tenant.environmentId} and accepted_at is null
      and revoked_at is null and expires_at > ${at}
    returning ${columns}`);
}

/** @returns null when it is unknown here or not pending */
export function markRevoked(tx: Db, tenant: Tenant, id: string, at: Date): Promise<InvitationRow | null> {
  return tx.maybeOne(sql<InvitationRow>`
    update invitations set revoked_at = ${at}, is_open = 0, updated_at = ${at}
    where id = ${id} and environment_id = ${tenant.environmentId} and accepted_at is null and revoked_at is null
      and expires_at > ${at}
    returning ${columns}`);
}

/** The open invitation of an address to an organization, or to the application alone. */
export function findOpenInvitationOf(
  db: Db,
  tenant: Tenant,
  email: string,
  organizationId: string | null,
  at: Date,
): Promise<InvitationRow | null> {
  return db.maybeOne(sql<InvitationRow>`
    select ${columns} from invitations
    where environment_id = ${tenant.environmentId} and email_key = ${emailKey(email)} and is_open = 1
      and coalesce(organization_id, '') = ${organizationId ?? ''} and expires_at > ${at}`);
}

export interface InvitationFilter {
  /** Exactly this address, whatever its case. */
  readonly email?: string | undefined;
  readonly organizationId?: string | undefined;
}

export function selectInvitations(
  db: Db,
  tenant: Tenant,
  { email, organizationId }: InvitationFilter,
  where: Statement,
  order: Statement,
  limit: number,
): Promise<InvitationRow[]> {
  const conditions = [where];
  if (email !== undefined) conditions.push(sql`email_key = ${emailKey(email)}`);
  if (organizationId !== undefined) conditions.push(sql`organization_id = ${organizationId}`);
  return db.all(sql<InvitationRow>`
    select ${columns} from invitations
    where environment_id = ${tenant.environmentId} and ${sql.join(conditions, ' and ')}
    order by ${order} limit ${limit}`);
}

export async function removeInvitationsTo(tx: Db, tenant: Tenant, organizationId: string): Promise<void> {
  await tx.run(sql`
    delete from invitations where organization_id = ${organizationId} and environment_id = ${tenant.environmentId}`);
}

/** All that was written to them or accepted by them. What they wrote to others stays, without their name. */
export async function removeInvitationsOfUser(
  tx: Db,
  tenant: Tenant,
  user: { readonly id: string; readonly email: string },
): Promise<void> {
  await tx.run(sql`
    delete from invitations
    where environment_id = ${tenant.environmentId}
      and (accepted_user_id = ${user.id} or email_key = ${emailKey(user.email)})`);
  await tx.run(sql`
    update invitations set inviter_user_id = null
    where environment_id = ${tenant.environmentId} and inviter_user_id = ${user.id}`);
}
