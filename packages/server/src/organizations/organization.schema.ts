import { z } from 'zod';
import { listOf, nameText, text, timestamp, toTimestamp } from '../core/index.ts';
import { externalId, type Metadata, metadataInput } from '../users/index.ts';
import { type DomainRow, OrganizationDomain, toDomainWire } from './domain.schema.ts';
import type { Policy } from './policy.schema.ts';

export interface OrganizationRow extends Policy {
  readonly id: string;
  readonly name: string;
  /** Unique in the environment. */
  readonly externalId: string | null;
  readonly stripeCustomerId: string | null;
  readonly metadata: Metadata;
  /** Of older integrations: whether single sign-on lets in people from outside the organization's domains. */
  readonly isOpenToOutsideProfiles: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const Organization = z
  .object({
    object: z.literal('organization'),
    id: z.string().describe('`org_…`'),
    name: z.string(),
    domains: z.array(OrganizationDomain),
    metadata: z.record(z.string(), z.string()).describe('Up to 50 values of your own.'),
    external_id: z.string().nullable().describe('The id it has in your system; unique in the environment.'),
    stripe_customer_id: z.string().optional(),
    allow_profiles_outside_organization: z.boolean().optional().meta({ deprecated: true }),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'Organization' });

export const OrganizationList = listOf(Organization);

export function toOrganizationWire(
  organization: OrganizationRow,
  domains: readonly DomainRow[],
): z.input<typeof Organization> {
  return {
    object: 'organization',
    id: organization.id,
    name: organization.name,
    domains: domains.map(toDomainWire),
    metadata: organization.metadata,
    external_id: organization.externalId,
    ...(organization.stripeCustomerId === null ? {} : { stripe_customer_id: organization.stripeCustomerId }),
    allow_profiles_outside_organization: organization.isOpenToOutsideProfiles,
    created_at: toTimestamp(organization.createdAt),
    updated_at: toTimestamp(organization.updatedAt),
  };
}

export const organizationId = z.string().describe('`org_…`');

/** As the published contract has it for organizations. */
export const maxMetadataKeys = 50;

const name = nameText(256);

const fields = {
  allow_profiles_outside_organization: z.boolean().nullish().meta({ deprecated: true }),
  domains: z
    .array(z.string())
    .max(100)
    .nullish()
    .describe('The older form of `domain_data`, every one of them pending.')
    .meta({ deprecated: true }),
  domain_data: z
    .array(z.object({ domain: z.string(), state: z.enum(['pending', 'verified']) }))
    .max(100)
    .nullish()
    .describe('The domains it has. `verified` when you vouch for it; `pending` when a DNS record is to prove it.'),
  metadata: metadataInput(maxMetadataKeys).describe(
    'Up to 50 keys of at most 40 characters, values of at most 600, all ASCII. Merged key by key: null removes a key, `{}` and null all.',
  ),
  external_id: externalId,
};

export const CreateOrganization = z.object({ name, ...fields });

export const UpdateOrganization = z.object({
  name: name.nullish(),
  ...fields,
  stripe_customer_id: text(255).min(1).nullish(),
});

export type OrganizationFields = z.output<typeof UpdateOrganization>;
