import { z } from 'zod';
import { timestamp, toTimestamp } from '../core/index.ts';

export interface DomainRow {
  readonly id: string;
  readonly organizationId: string;
  /** Lower-case A-labels. */
  readonly domain: string;
  readonly state: 'pending' | 'verified' | 'failed';
  /** `manual`: the application vouched for it. */
  readonly verificationStrategy: 'dns' | 'manual';
  readonly verificationPrefix: string;
  readonly verificationToken: string;
  /** Since when the record is looked for. */
  readonly startedAt: Date | null;
  readonly nextCheckAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const OrganizationDomain = z
  .object({
    object: z.literal('organization_domain'),
    id: z.string().describe('`org_domain_…`'),
    organization_id: z.string(),
    domain: z.string(),
    state: z.enum(['failed', 'legacy_verified', 'pending', 'unverified', 'verified']).optional(),
    verification_prefix: z.string().optional().describe('What the TXT record begins with.'),
    verification_token: z
      .string()
      .optional()
      .describe('The TXT record of the domain is to be `<verification_prefix>=<verification_token>`.'),
    verification_strategy: z.enum(['dns', 'manual']).optional(),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'OrganizationDomain' });

export const toDomainWire = (row: DomainRow): z.input<typeof OrganizationDomain> => ({
  object: 'organization_domain',
  id: row.id,
  organization_id: row.organizationId,
  domain: row.domain,
  state: row.state,
  verification_prefix: row.verificationPrefix,
  verification_token: row.verificationToken,
  verification_strategy: row.verificationStrategy,
  created_at: toTimestamp(row.createdAt),
  updated_at: toTimestamp(row.updatedAt),
});

/** What the TXT record has to say. */
export const expectedRecord = (row: Pick<DomainRow, 'verificationPrefix' | 'verificationToken'>): string =>
  `${row.verificationPrefix}=${row.verificationToken}`;
