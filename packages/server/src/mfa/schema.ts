import { z } from 'zod';
import { minutes, timestamp, toTimestamp } from '../core/index.ts';

/** How long a challenge can be answered. */
export const challengeMs = minutes(10);

/** Codes looked at before a challenge is dead. */
export const tryLimit = 5;

export interface FactorRow {
  readonly id: string;
  readonly environmentId: string;
  /** Null for a factor of an application that keeps its users elsewhere. */
  readonly userId: string | null;
  readonly type: 'totp' | 'generic_otp';
  /** What authenticator apps show, `Acme` and `ada@example.com`; null where no app is involved. */
  readonly issuer: string | null;
  readonly account: string | null;
  readonly sealedSeed: string | null;
  /** The newest accepted step (RFC 6238 section 4.2); codes of it and of earlier ones are spent. */
  readonly lastStep: number;
  /** Null until a code proved that the person has it: a factor that was only begun protects nothing. */
  readonly verifiedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A factor that counts. */
export type VerifiedFactor = FactorRow & { readonly verifiedAt: Date };

export interface ChallengeRow {
  readonly id: string;
  readonly environmentId: string;
  readonly factorId: string;
  /** Where the code is ours to make (`generic_otp`); null where an authenticator app makes it. */
  readonly codeMac: string | null;
  readonly macKeyId: string | null;
  /** The sign-in that it was first answered in. */
  readonly boundTo: string | null;
  readonly tries: number;
  readonly expiresAt: Date;
  readonly redeemedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const totp = { issuer: z.string(), user: z.string().describe('The account, as the authenticator app shows it.') };

const factorFields = {
  object: z.literal('authentication_factor'),
  id: z.string(),
  created_at: timestamp,
  updated_at: timestamp,
  type: z.enum(['generic_otp', 'sms', 'totp', 'webauthn']),
  user_id: z.string().optional(),
  sms: z.object({ phone_number: z.string() }).optional().describe('Never here: this server sends no SMS.'),
};

export const AuthenticationFactor = z
  .object({ ...factorFields, totp: z.object(totp).optional() })
  .meta({ id: 'AuthenticationFactor' });

export const AuthenticationFactorEnrolled = z
  .object({
    ...factorFields,
    totp: z
      .object({
        ...totp,
        secret: z.string().describe('Base32, to type into an app that cannot scan.'),
        qr_code: z.string().describe('`data:image/png;base64,…`, the `uri` to scan.'),
        uri: z.string().describe('`otpauth://totp/…`'),
      })
      .optional()
      .describe('With the secret: it is shown here and never again.'),
  })
  .meta({ id: 'AuthenticationFactorEnrolled' });

export const AuthenticationChallenge = z
  .object({
    object: z.literal('authentication_challenge'),
    id: z.string(),
    created_at: timestamp,
    updated_at: timestamp,
    expires_at: timestamp.optional(),
    code: z
      .string()
      .optional()
      .describe('Only of a `generic_otp` factor, and only when it is made: bring it to the person.'),
    authentication_factor_id: z.string(),
  })
  .meta({ id: 'AuthenticationChallenge' });

export const toFactor = (row: FactorRow): z.input<typeof AuthenticationFactor> => ({
  object: 'authentication_factor',
  id: row.id,
  created_at: toTimestamp(row.createdAt),
  updated_at: toTimestamp(row.updatedAt),
  type: row.type,
  ...(row.userId === null ? {} : { user_id: row.userId }),
  ...(row.issuer === null || row.account === null ? {} : { totp: { issuer: row.issuer, user: row.account } }),
});

export const toChallenge = (row: ChallengeRow): z.input<typeof AuthenticationChallenge> => ({
  object: 'authentication_challenge',
  id: row.id,
  created_at: toTimestamp(row.createdAt),
  updated_at: toTimestamp(row.updatedAt),
  expires_at: toTimestamp(row.expiresAt),
  authentication_factor_id: row.factorId,
});
