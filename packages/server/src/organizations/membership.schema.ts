import { z } from 'zod';
import { timestamp, toTimestamp } from '../core/index.ts';
import { toWire as toUserWire, User, type UserRow } from '../users/index.ts';

export const statuses = ['active', 'inactive', 'pending'] as const;
export type MembershipStatus = (typeof statuses)[number];

export interface MembershipRow {
  readonly id: string;
  readonly organizationId: string;
  readonly organizationName: string;
  readonly userId: string;
  /** `pending`: invited, and has not accepted. */
  readonly status: MembershipStatus;
  /** The invitation that made somebody a pending member; says nothing of others. */
  readonly invitationId: string | null;
  /** Slugs, at least one. */
  readonly roles: readonly string[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const membershipFields = {
  object: z.literal('organization_membership'),
  id: z.string().describe('`om_…`'),
  user_id: z.string(),
  organization_id: z.string(),
  organization_name: z.string().optional(),
  status: z.enum(statuses),
  directory_managed: z.boolean(),
  custom_attributes: z.record(z.string(), z.unknown()).optional(),
  role: z.object({ slug: z.string() }),
  roles: z.array(z.object({ slug: z.string() })),
  created_at: timestamp,
  updated_at: timestamp,
};

export const OrganizationMembership = z
  .object({ ...membershipFields, user: User })
  .meta({ id: 'OrganizationMembership' });

/** As events tell of it, without the user. */
export const toMembershipEvent = (row: MembershipRow): z.input<z.ZodObject<typeof membershipFields>> => ({
  object: 'organization_membership',
  id: row.id,
  user_id: row.userId,
  organization_id: row.organizationId,
  organization_name: row.organizationName,
  status: row.status,
  directory_managed: false,
  custom_attributes: {},
  role: { slug: row.roles[0] ?? defaultRole },
  roles: row.roles.map((slug) => ({ slug })),
  created_at: toTimestamp(row.createdAt),
  updated_at: toTimestamp(row.updatedAt),
});

export const toMembershipWire = (row: MembershipRow, user: UserRow): z.input<typeof OrganizationMembership> => ({
  ...toMembershipEvent(row),
  user: toUserWire(user),
});

/** What a member is when nobody says otherwise. */
export const defaultRole = 'member';

export const roleFields = {
  role_slug: z.string().nullish().describe('`member` when not given.'),
  role_slugs: z.array(z.string()).min(1).max(10).nullish().describe('Several; instead of `role_slug`.'),
};
