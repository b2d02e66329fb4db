import { isIP } from 'node:net';
import { z } from 'zod';
import { timestamp, toTimestamp } from '../core/index.ts';
import { oneAddress } from './one-address.ts';
import { presetNames, presets } from './presets.ts';

export const securities = ['tls', 'starttls', 'none'] as const;

/** An environment's own way to send mail. */
export interface ProviderRow {
  readonly preset: (typeof presetNames)[number];
  readonly host: string;
  readonly port: number;
  /** `tls` from the first byte; `starttls` before the login, or not at all; `none` in the open. */
  readonly security: (typeof securities)[number];
  /** Null together: the server asks for no login. */
  readonly username: string | null;
  readonly sealedPassword: string | null;
  readonly fromAddress: string;
  readonly fromName: string | null;
  readonly replyTo: string | null;
  /** Off: mails leave as if there were no provider. */
  readonly isEnabled: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const address = z.string().trim().max(254).regex(oneAddress, 'must be one e-mail address.');
/** Controls would begin a new line of the conversation with the server. */
const line = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^\P{Cc}*$/u, 'must be one line without control characters.');

/** A name or an address; whether it may be dialled is decided when it is resolved. */
const host = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .refine(
    (value) =>
      isIP(value) !== 0 || /^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(value),
    "must be a host name such as 'smtp.example.com', without a scheme, a port or a path.",
  );

export const ProviderInput = z.object({
  preset: z.enum(presetNames),
  host,
  port: z.number().int().min(1).max(65535),
  security: z.enum(securities),
  username: line(512).nullish().describe('Null: the server asks for no login.'),
  password: line(2048)
    .nullish()
    .describe('Left out: the one that is kept, as long as server and user name stay the same.'),
  from_address: address,
  from_name: line(100).nullish(),
  reply_to: address.nullish(),
  enabled: z.boolean().describe('Off: the server sends as if there were no provider.'),
});

const PresetWire = z.object({
  name: z.enum(presetNames),
  label: z.string(),
  host: z.string().describe('With `<…>` where something is to be filled in.'),
  port: z.number().int(),
  security: z.enum(securities),
  username: z.string().nullable().describe('The user name everybody has; null where it is one’s own.'),
  username_hint: z.string(),
  password_hint: z.string(),
});

export const MailProviderWire = z
  .object({
    object: z.literal('mail_provider'),
    provider: z
      .object({
        preset: z.enum(presetNames),
        host: z.string(),
        port: z.number().int(),
        security: z.enum(securities),
        username: z.string().nullable(),
        has_password: z.boolean().describe('The password itself is never shown again.'),
        from_address: z.string(),
        from_name: z.string().nullable().describe('Null: the application’s name.'),
        reply_to: z.string().nullable(),
        enabled: z.boolean(),
        updated_at: timestamp,
      })
      .nullable()
      .describe('Null: none was entered yet.'),
    presets: z.array(PresetWire),
    keeps_copies: z.boolean().describe('A development server keeps a copy of each mail in its mailbox.'),
  })
  .meta({ id: 'MailProvider' });

export const toProviderWire = (row: ProviderRow | null, keepsCopies: boolean): z.input<typeof MailProviderWire> => ({
  object: 'mail_provider',
  provider: row && {
    preset: row.preset,
    host: row.host,
    port: row.port,
    security: row.security,
    username: row.username,
    has_password: row.sealedPassword !== null,
    from_address: row.fromAddress,
    from_name: row.fromName,
    reply_to: row.replyTo,
    enabled: row.isEnabled,
    updated_at: toTimestamp(row.updatedAt),
  },
  presets: presets.map(({ usernameHint, passwordHint, ...preset }) => ({
    ...preset,
    username_hint: usernameHint,
    password_hint: passwordHint,
  })),
  keeps_copies: keepsCopies,
});
