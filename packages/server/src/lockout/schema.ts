import { z } from 'zod';
import { minutes, seconds, timestamp, toTimestampOrNull } from '../core/index.ts';

/** What can be guessed, and so is counted. A link or a passkey cannot. */
export const tryMethods = ['password', 'email_code', 'totp', 'recovery_code'] as const;
export type TryMethod = (typeof tryMethods)[number];

/** Tries of one method in one minute (NIST SP 800-63B section 3.2.2 asks for a limit and leaves the number open). */
export const triesPerWindow = 10;
export const windowMs = minutes(1);

/** Failures in a row that end a method. */
export const failuresUntilLocked = 100;

/**
 * How long the next try has to wait, from so many failures in a row on. Somebody who mistypes notices nothing; a
 * hundred guesses take most of a day.
 */
export const delays = [
  { from: 90, ms: minutes(60) },
  { from: 80, ms: minutes(32) },
  { from: 70, ms: minutes(16) },
  { from: 60, ms: minutes(8) },
  { from: 50, ms: minutes(4) },
  { from: 40, ms: minutes(2) },
  { from: 30, ms: minutes(1) },
  { from: 20, ms: seconds(30) },
] as const;

/**
 * What a success of a method forgets. Proving the inbox opens a locked password, a recovery code a locked TOTP; never
 * the other way round, or whoever knows a password could guess at the second factor for ever.
 */
export const clearedBy: Readonly<Record<TryMethod, readonly TryMethod[]>> = {
  password: ['password'],
  email_code: ['email_code', 'password'],
  totp: ['totp'],
  recovery_code: ['recovery_code', 'totp'],
};

/**
 * Mailed codes are not locked: each dies after five tries by itself, and strangers, who can have them sent and guess at
 * them, could otherwise shut both doors of a person.
 */
export const isLockable = (method: TryMethod): boolean => method !== 'email_code';

export interface TryRow {
  readonly environmentId: string;
  readonly ownerId: string;
  readonly method: TryMethod;
  /** In a row, the one being looked at included. */
  readonly failures: number;
  readonly windowTries: number;
  readonly windowEndsAt: Date;
  readonly nextTryAt: Date;
  readonly lockedAt: Date | null;
  readonly updatedAt: Date;
}

export const LockoutWire = z
  .object({
    object: z.literal('lockout'),
    user_id: z.string(),
    methods: z
      .array(
        z.object({
          method: z.enum(tryMethods),
          failures: z.number().int().describe('In a row, since the last success.'),
          next_try_at: timestamp.nullable().describe('Tries before that are refused; null when none is, or all are.'),
          locked_at: timestamp.nullable().describe('Refused since then, until another method succeeds.'),
        }),
      )
      .describe('Only those with failures.'),
  })
  .meta({ id: 'Lockout' });

export const toWire = (userId: string, rows: readonly TryRow[], at: Date): z.input<typeof LockoutWire> => ({
  object: 'lockout',
  user_id: userId,
  methods: rows.map((row) => ({
    method: row.method,
    failures: row.failures,
    next_try_at: toTimestampOrNull(row.lockedAt || row.nextTryAt <= at ? null : row.nextTryAt),
    locked_at: toTimestampOrNull(row.lockedAt),
  })),
});
