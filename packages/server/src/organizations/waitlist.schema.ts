import { z } from 'zod';
import { text, timeOfId, timestamp, toTimestamp, toTimestampOrNull } from '../core/index.ts';

export const waitlistStates = ['pending', 'approved', 'denied'] as const;

export interface WaitlistRow {
  readonly id: string;
  readonly environmentId: string;
  readonly email: string;
  readonly state: (typeof waitlistStates)[number];
  /** What the form asked besides the address. */
  readonly fields: Readonly<Record<string, string>>;
  readonly approvedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const WaitlistUser = z
  .object({
    object: z.literal('waitlist_user'),
    id: z.string().describe('`wl_user_…`'),
    email: z.string(),
    state: z.enum(waitlistStates),
    approved_at: timestamp.nullable(),
    waitlist_id: z.string().nullable(),
    additional_fields: z.record(z.string(), z.string()),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'WaitlistUser' });

/** Each environment has one waitlist, named after it. */
export const waitlistIdOf = (environmentId: string): string => `waitlist_${environmentId.slice('environment_'.length)}`;

export const toWaitlistWire = (row: WaitlistRow): z.input<typeof WaitlistUser> => ({
  object: 'waitlist_user',
  id: row.id,
  email: row.email,
  state: row.state,
  approved_at: toTimestampOrNull(row.approvedAt),
  waitlist_id: waitlistIdOf(row.environmentId),
  additional_fields: { ...row.fields },
  created_at: toTimestamp(row.createdAt),
  updated_at: toTimestamp(row.updatedAt),
});

export const Waitlist = z
  .object({
    object: z.literal('waitlist'),
    id: z.string().describe('`waitlist_…`'),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'Waitlist' });

/** It is there for as long as its environment, and nothing about it changes. */
export const waitlistOf = (environmentId: string): z.input<typeof Waitlist> => {
  const since = toTimestamp(timeOfId(environmentId));
  return { object: 'waitlist', id: waitlistIdOf(environmentId), created_at: since, updated_at: since };
};

export const CreateWaitlistEntry = z.object({
  email: z.string().min(1),
  additional_fields: z
    .record(text(40).min(1), text(600))
    .refine((fields) => Object.keys(fields).length <= 50, 'has more than 50 keys.')
    .nullish(),
  send_confirmation_email: z.boolean().nullish().describe('Whether a mail tells them that they are on the list.'),
});
