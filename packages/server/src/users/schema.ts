import { z } from 'zod';
import { text, timestamp, toTimestamp, toTimestampOrNull } from '../core/index.ts';
import { hashTypes, saltPositions } from './imported-hash.ts';
import { maxUserKeys, metadataInput } from './metadata.ts';
import { isExternalId, type UserRow } from './store.ts';

const userFields = {
  object: z.literal('user'),
  id: z.string().describe('`user_…`'),
  email: z.string(),
  email_verified: z.boolean(),
  first_name: z.string().nullable(),
  last_name: z.string().nullable(),
  name: z.string().nullable().describe('The full name as it was given.'),
  profile_picture_url: z.string().nullable(),
  external_id: z.string().nullable().describe('The id this user has in your system; unique in the environment.'),
  metadata: z.record(z.string(), z.string()).describe('Up to 10 values of your own.'),
  last_sign_in_at: timestamp.nullable(),
  locale: z.string().nullable().describe('A language tag (BCP 47).'),
  created_at: timestamp,
  updated_at: timestamp,
};

export const User = z.object(userFields).meta({ id: 'User' });

/** `radar_auth_attempt_id` is part of the published answer and absent here: no Radar looked at the request. */
export const CreatedUser = z
  .object({ ...userFields, radar_auth_attempt_id: z.string().optional() })
  .meta({ id: 'CreatedUser' });

export type UserWire = z.input<typeof User>;

export function toWire(user: UserRow): UserWire {
  return {
    object: 'user',
    id: user.id,
    email: user.email,
    email_verified: user.isEmailVerified,
    first_name: user.firstName,
    last_name: user.lastName,
    name: user.name,
    profile_picture_url: user.profilePictureUrl,
    external_id: user.externalId,
    metadata: user.metadata,
    last_sign_in_at: toTimestampOrNull(user.lastSignInAt),
    locale: user.locale,
    created_at: toTimestamp(user.createdAt),
    updated_at: toTimestamp(user.updatedAt),
  };
}

export const userId = z.string().describe('`user_…`');

const email = z.string().min(1).describe('Where this user gets mail; unique in the environment, whatever the case.');
/** In characters; the sign-up page and the account page hold to it too. */
export const maxNameLength = 256;
const personName = text(maxNameLength).nullish();
export const externalId = z
  .string()
  .refine(isExternalId, 'is to have 1 to 128 ASCII characters.')
  .nullish()
  .describe('1 to 128 ASCII characters, unique in the environment.');
const metadata = metadataInput(maxUserKeys);

const profile = {
  first_name: personName,
  last_name: personName,
  name: personName,
  email_verified: z.boolean().nullish(),
  external_id: externalId,
  locale: text(256).nullish().describe('A language tag (BCP 47), `en-US` for one.'),
  password: z.string().nullish().describe('Not together with `password_hash`.'),
  password_hash: text(2048).nullish().describe('What another system stored. Needs `password_hash_type`.'),
  password_hash_type: z.enum(hashTypes).nullish(),
  password_salt_position: z
    .enum(saltPositions)
    .nullish()
    .describe('Where the salt stood when `ssha256` was computed; `suffix` when not given.'),
};

/** On create, null is the same as absent: several SDKs send it for what they were not given. */
export const CreateUser = z.object({
  email,
  ...profile,
  metadata: metadata.describe('Up to 10 keys of at most 40 characters, values of at most 600, all ASCII.'),
  ip_address: z.string().nullish().describe('Accepted for compatibility.'),
  user_agent: z.string().nullish().describe('Accepted for compatibility.'),
  signals_id: z.string().nullish().describe('Accepted for compatibility.'),
});

/** On update, null clears what can be empty and leaves alone what cannot. */
export const UpdateUser = z.object({
  email: email.nullish(),
  ...profile,
  metadata: metadata.describe('Merged key by key: null removes a key, `{}` and null remove all.'),
});

/** The part of a body that sets a password. */
export type PasswordFields = Pick<
  z.output<typeof UpdateUser>,
  'password' | 'password_hash' | 'password_hash_type' | 'password_salt_position'
>;
