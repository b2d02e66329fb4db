import { z } from 'zod';
import { timestamp, toTimestamp, toTimestampOrNull, type Vault } from '../core/index.ts';
import type { UserRow } from '../users/index.ts';

export interface InvitationRow {
  readonly id: string;
  readonly environmentId: string;
  /** Null: to the application alone. */
  readonly organizationId: string | null;
  readonly email: string;
  readonly roleSlug: string | null;
  readonly inviterUserId: string | null;
  readonly acceptedUserId: string | null;
  /** Of the mail (BCP 47); null: the environment's. */
  readonly locale: string | null;
  readonly tokenHash: string;
  readonly sealedToken: string;
  readonly expiresAt: Date;
  readonly acceptedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const invitationFields = {
  object: z.literal('invitation'),
  id: z.string().describe('`invitation_…`'),
  email: z.string(),
  state: z.enum(['pending', 'accepted', 'expired', 'revoked']),
  accepted_at: timestamp.nullable(),
  revoked_at: timestamp.nullable(),
  expires_at: timestamp,
  organization_id: z.string().nullable(),
  inviter_user_id: z.string().nullable(),
  accepted_user_id: z.string().nullable(),
  role_slug: z.string().nullable(),
  created_at: timestamp,
  updated_at: timestamp,
};

export const Invitation = z
  .object({
    ...invitationFields,
    token: z.string().describe('Accepts the invitation: whoever holds it and may use the address is let in.'),
    accept_invitation_url: z.string(),
  })
  .meta({ id: 'Invitation' });

/** What came first counts: what was accepted stays accepted when its time is over. */
export function stateOf(row: InvitationRow, at: Date): 'pending' | 'accepted' | 'expired' | 'revoked' {
  if (row.acceptedAt) return 'accepted';
  if (row.revokedAt) return 'revoked';
  return row.expiresAt <= at ? 'expired' : 'pending';
}

/** As events tell of it: whoever reads events must not be able to accept it, so neither token nor link is in it. */
export const toInvitationEvent = (row: InvitationRow, at: Date): z.input<z.ZodObject<typeof invitationFields>> => ({
  object: 'invitation',
  id: row.id,
  email: row.email,
  state: stateOf(row, at),
  accepted_at: toTimestampOrNull(row.acceptedAt),
  revoked_at: toTimestampOrNull(row.revokedAt),
  expires_at: toTimestamp(row.expiresAt),
  organization_id: row.organizationId,
  inviter_user_id: row.inviterUserId,
  accepted_user_id: row.acceptedUserId,
  role_slug: row.roleSlug,
  created_at: toTimestamp(row.createdAt),
  updated_at: toTimestamp(row.updatedAt),
});

/** Where the vault's record belongs: moved to another row it does not open. */
export const placeOf = ({ id, environmentId }: Pick<InvitationRow, 'id' | 'environmentId'>): string =>
  `invitations/${environmentId}/${id}`;

export const tokenOf = (vault: Vault, row: InvitationRow): string => vault.open(row.sealedToken, placeOf(row));

/** Our page that knows whom it is for. */
export const acceptUrl = (publicUrl: string, token: string): string => `${publicUrl}/invite?invitation_token=${token}`;

/** What came of presenting a token. */
export type Acceptance<Membership> =
  | { readonly outcome: 'accepted'; readonly invitation: InvitationRow; readonly membership: Membership | null }
  /** Unknown here, accepted before, revoked or expired. */
  | { readonly outcome: 'invalid' }
  /** It was sent to an address that this person has not shown to be theirs. */
  | { readonly outcome: 'other_email' };

/** The part of a user that decides what they may accept. */
export type Invitee = Pick<UserRow, 'id' | 'email' | 'isEmailVerified'>;
