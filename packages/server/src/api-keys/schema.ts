import { z } from 'zod';
import { timestamp, toTimestamp, toTimestampOrNull } from '../core/index.ts';

/** A key of an environment. The key itself is not in here: only its hash is kept. */
export interface ApiKeyRow {
  readonly id: string;
  readonly environmentId: string;
  readonly name: string;
  readonly keyHash: string;
  readonly obfuscatedValue: string;
  /** Who made it, as a person reads it; null for the platform itself. */
  readonly createdBy: string | null;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly createdAt: Date;
}

const fields = {
  object: z.literal('environment_api_key'),
  id: z.string(),
  name: z.string(),
  obfuscated_value: z.string().describe('What tells keys apart on a screen: the prefix and the last four characters.'),
  last_used_at: z.string().nullable().describe('To the minute.'),
  created_at: timestamp,
  created_by: z.string().nullable(),
};

export const ApiKey = z.object(fields).meta({ id: 'EnvironmentApiKey' });

/** Only the answer to its creation holds the key. */
export const NewApiKey = z
  .object({ ...fields, value: z.string().describe('The key. It is shown here and never again.') })
  .meta({ id: 'NewEnvironmentApiKey' });

export const toWire = (row: ApiKeyRow): z.input<typeof ApiKey> => ({
  object: 'environment_api_key',
  id: row.id,
  name: row.name,
  obfuscated_value: row.obfuscatedValue,
  last_used_at: toTimestampOrNull(row.lastUsedAt),
  created_at: toTimestamp(row.createdAt),
  created_by: row.createdBy,
});
