import { minutes, toTimestamp } from '../core/index.ts';

/** How long a code works (ASVS 6.5.5 allows no more). */
export const verificationCodeMs = minutes(10);

/** Codes looked at before the one in force is dead: five guesses at a million. */
export const tryLimit = 5;

export interface EmailVerificationRow {
  readonly id: string;
  readonly environmentId: string;
  readonly userId: string;
  /** The address it was mailed to, and so the only one it proves. */
  readonly email: string;
  readonly codeMac: string;
  readonly macKeyId: string;
  readonly tries: number;
  readonly expiresAt: Date;
  readonly redeemedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** As events show it: whoever reads events must not be able to verify an address, so the code is not in it. */
export const toEventData = (row: EmailVerificationRow) => ({
  object: 'email_verification',
  id: row.id,
  user_id: row.userId,
  email: row.email,
  expires_at: toTimestamp(row.expiresAt),
  created_at: toTimestamp(row.createdAt),
  updated_at: toTimestamp(row.updatedAt),
});

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
