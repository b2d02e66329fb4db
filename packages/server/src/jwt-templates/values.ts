import { type Db, type Tenant, toTimestamp } from '../core/index.ts';
import { findMembership, findOrganization } from '../organizations/index.ts';
import { identityProviders, listIdentities, toIdentity } from '../social/index.ts';
import { findUser, type UserRow } from '../users/index.ts';
import type { Claims, Template, Values } from './template.ts';

/** Whom a token is for, and where they act. */
export interface Holder {
  readonly userId: string;
  readonly organizationId: string | null;
  /** As the database has it now, where that was read already. */
  readonly user?: UserRow;
}

/** What the template needs to know of somebody as the database has it now, and nothing more. */
export async function readValues(db: Db, tenant: Tenant, { needs }: Template, holder: Holder): Promise<Values> {
  const isNeeded = (root: string): boolean => [...needs].some((path) => path.startsWith(`${root}.`));
  const { userId, organizationId } = holder;
  return {
    user: isNeeded('user') ? await userValues(db, tenant, holder, needs.has('user.identities')) : null,
    organization:
      organizationId !== null && isNeeded('organization') ? await organizationValues(db, tenant, organizationId) : null,
    organization_membership:
      organizationId !== null && isNeeded('organization_membership')
        ? await membershipValues(db, tenant, organizationId, userId)
        : null,
  };
}

async function userValues(
  db: Db,
  tenant: Tenant,
  { userId, user: known }: Holder,
  withIdentities: boolean,
): Promise<Claims | null> {
  const user = known ?? (await findUser(db, tenant, userId));
  return (
    user && {
      id: user.id,
      email: user.email,
      email_verified: user.isEmailVerified,
      first_name: user.firstName,
      last_name: user.lastName,
      name: user.name,
      profile_picture_url: user.profilePictureUrl,
      external_id: user.externalId,
      locale: user.locale,
      metadata: user.metadata,
      identities: withIdentities ? await identityValues(db, tenant, userId) : null,
      created_at: toTimestamp(user.createdAt),
      updated_at: toTimestamp(user.updatedAt),
    }
  );
}

/** Each provider's own id of the account, or null; of several the oldest. */
async function identityValues(db: Db, tenant: Tenant, userId: string): Promise<Claims> {
  const identities = await listIdentities(db, tenant, userId);
  const none = identityProviders.map((provider) => [provider, null] as const);
  const linked = identities
    .toReversed()
    .map(toIdentity)
    .map(({ provider, idp_id }) => [provider, idp_id] as const);
  return Object.fromEntries([...none, ...linked]);
}

async function organizationValues(db: Db, tenant: Tenant, id: string): Promise<Claims | null> {
  const organization = await findOrganization(db, tenant, id);
  return (
    organization && {
      id: organization.id,
      name: organization.name,
      external_id: organization.externalId,
      stripe_customer_id: organization.stripeCustomerId,
      metadata: organization.metadata,
      created_at: toTimestamp(organization.createdAt),
      updated_at: toTimestamp(organization.updatedAt),
    }
  );
}

async function membershipValues(
  db: Db,
  tenant: Tenant,
  organizationId: string,
  userId: string,
): Promise<Claims | null> {
  const membership = await findMembership(db, tenant, organizationId, userId);
  return (
    membership && {
      id: membership.id,
      status: membership.status,
      role: membership.roles[0] ?? null,
      roles: membership.roles,
      // Memberships have none yet; templates that name one get its fallback.
      custom_attributes: {},
      created_at: toTimestamp(membership.createdAt),
      updated_at: toTimestamp(membership.updatedAt),
    }
  );
}
