import { z } from 'zod';
import { type Config, timestamp, toTimestamp, toTimestampOrNull } from '../../core/index.ts';
import { addressOf } from '../schema.ts';

/** A name of an environment's own for its pages and the API. */
export interface CustomDomainRow {
  readonly id: string;
  /** Lower-case A-labels. */
  readonly name: string;
  /** `verified`: the environment has proved that it is its own. `active`: people are sent there. */
  readonly state: 'pending' | 'verified' | 'active';
  readonly token: string;
  /** What the last look at DNS saw. */
  readonly hasRecord: boolean;
  readonly isPointedHere: boolean;
  readonly checkedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const CustomDomain = z
  .object({
    object: z.literal('custom_domain'),
    id: z.string().describe('`custom_domain_…`'),
    name: z.string(),
    state: z
      .enum(['pending', 'verified', 'active'])
      .describe('Not proved yet; proved; proved and where people are sent.'),
    url: z.string().describe('Where the pages and the API are, once it is active.'),
    record: z
      .object({ name: z.string(), value: z.string(), found: z.boolean() })
      .describe('The TXT record that proves it, and whether the last look saw it.'),
    target: z
      .object({ host: z.string(), found: z.boolean() })
      .describe('Where a CNAME, or A and AAAA records, must lead, and whether the last look saw that.'),
    checked_at: timestamp.nullable(),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'CustomDomain' });

/** Beside the name and not at it: where a CNAME stands nothing else may (RFC 1034 section 3.6.2). */
export const recordName = ({ name }: Pick<CustomDomainRow, 'name'>): string => `_authkit.${name}`;

export const expectedRecord = ({ token }: Pick<CustomDomainRow, 'token'>): string => `authkit-domain=${token}`;

export const toWire = (row: CustomDomainRow, config: Pick<Config, 'serverUrl'>): z.input<typeof CustomDomain> => ({
  object: 'custom_domain',
  id: row.id,
  name: row.name,
  state: row.state,
  url: addressOf(config, { domain: row.name }),
  record: { name: recordName(row), value: expectedRecord(row), found: row.hasRecord },
  target: { host: new URL(config.serverUrl).hostname, found: row.isPointedHere },
  checked_at: toTimestampOrNull(row.checkedAt),
  created_at: toTimestamp(row.createdAt),
  updated_at: toTimestamp(row.updatedAt),
});
