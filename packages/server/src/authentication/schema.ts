import { z } from 'zod';
import { minutes, timestamp, toTimestamp } from '../core/index.ts';
import { User } from '../users/index.ts';

/** How long a code works (ASVS 6.5.5 allows no more). */
export const codeLifetimeMs = minutes(10);

/** Guesses that a code is compared with before it is dead: five at a million. */
export const tryLimit = 5;

/** What a code proves: that an address is somebody's, who is signing in, or that a new address is theirs. */
export type CodePurpose = 'email_verification' | 'magic_auth' | 'email_change';

export interface OneTimeCodeRow {
  readonly id: string;
  readonly environmentId: string;
  readonly purpose: CodePurpose;
  /** The user, or a keyed hash of an address that has none. */
  readonly ownerId: string;
  /** The address it was mailed to, and so the only one it proves. */
  readonly email: string;
  readonly codeMac: string;
  readonly macKeyId: string;
  /** Null for a code that nobody was sent and nothing matches. */
  readonly sealedCode: string | null;
  /** The sign-in at our pages that asked for it, and then the only one that may use it; null for the API’s. */
  readonly attemptId: string | null;
  readonly tries: number;
  /** When it had the one try that did not have to wait for the wrong guesses of others. */
  readonly waivedAt: Date | null;
  readonly expiresAt: Date;
  readonly redeemedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Why a code proved nothing. */
export type Refusal =
  /** `triesLeft` is 1 or more. */
  | { readonly outcome: 'wrong'; readonly triesLeft: number }
  /** Or none was ever sent, or to another address. */
  | { readonly outcome: 'expired' }
  | { readonly outcome: 'used' }
  /** Tried too often, this time included; the right code does not help any more. */
  | { readonly outcome: 'exhausted' };

/** What came of presenting a code. `email` is the address it proves. */
export type Redemption = { readonly outcome: 'verified'; readonly email: string } | Refusal;

const codeFields = {
  id: z.string(),
  user_id: z.string(),
  email: z.string().describe('The address it was mailed to.'),
  expires_at: timestamp,
  created_at: timestamp,
  updated_at: timestamp,
};

export const EmailVerification = z
  .object({
    object: z.literal('email_verification'),
    ...codeFields,
    code: z.string().describe('Six digits. Whoever has them verifies the address.'),
  })
  .meta({ id: 'EmailVerification' });

export const MagicAuth = z
  .object({
    object: z.literal('magic_auth'),
    ...codeFields,
    code: z.string().describe('Six digits. Whoever has them signs in.'),
  })
  .meta({ id: 'MagicAuth' });

/** As events show it: whoever reads events must not be able to use the code, so it is not in it. */
export const toEventData = <Purpose extends CodePurpose>(row: OneTimeCodeRow & { readonly purpose: Purpose }) => ({
  object: row.purpose,
  id: row.id,
  user_id: row.ownerId,
  email: row.email,
  expires_at: toTimestamp(row.expiresAt),
  created_at: toTimestamp(row.createdAt),
  updated_at: toTimestamp(row.updatedAt),
});

export interface PasswordResetRow {
  readonly id: string;
  readonly environmentId: string;
  readonly userId: string;
  /** The inbox the link went to. */
  readonly email: string;
  readonly tokenHash: string;
  readonly sealedToken: string;
  /** The sign-in that asked for it; null for the API’s. */
  readonly attemptId: string | null;
  readonly expiresAt: Date;
  readonly redeemedAt: Date | null;
  /** When a newer link put it out of force. */
  readonly supersededAt: Date | null;
  readonly createdAt: Date;
}

const resetFields = {
  object: z.literal('password_reset'),
  id: z.string(),
  user_id: z.string(),
  email: z.string(),
  expires_at: timestamp,
  created_at: timestamp,
};

export const PasswordReset = z
  .object({
    ...resetFields,
    password_reset_token: z.string().describe('Whoever has it sets the password, once.'),
    password_reset_url: z
      .string()
      .describe('The page that takes the token: the hosted one, or the one of `password_reset_url` in the settings.'),
  })
  .meta({ id: 'PasswordReset' });

/** As events show it: without token and address. */
export const resetEventData = (row: PasswordResetRow): z.input<z.ZodObject<typeof resetFields>> => ({
  object: 'password_reset',
  id: row.id,
  user_id: row.userId,
  email: row.email,
  expires_at: toTimestamp(row.expiresAt),
  created_at: toTimestamp(row.createdAt),
});

export const EmailChange = z
  .object({
    object: z.literal('email_change'),
    user: User,
    new_email: z.string(),
    expires_at: timestamp,
    created_at: timestamp,
  })
  .meta({ id: 'EmailChange' });

export const EmailChangeConfirmation = z
  .object({ object: z.literal('email_change_confirmation'), user: User })
  .meta({ id: 'EmailChangeConfirmation' });
