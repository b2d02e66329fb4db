import { isDeepStrictEqual } from 'node:util';
import {
  type Db,
  EntityNotFound,
  isUniqueViolation,
  newId,
  type Page,
  type PageQuery,
  pageOf,
  type Services,
  type Tenant,
} from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import { ExternalIdAlreadyUsed, mergeMetadata } from '../users/index.ts';
import type { DomainRow } from './domain.schema.ts';
import { removeDomainsOf, selectDomainsOf } from './domain.store.ts';
import { addDomain, recordDomain, replaceDomains, type WantedDomain } from './domains.ts';
import { StripeCustomerIdAlreadyUsed } from './errors.ts';
import { removeInvitationsTo } from './invitation.store.ts';
import { endMembershipsIn } from './memberships.ts';
import {
  maxMetadataKeys,
  type OrganizationFields,
  type OrganizationRow,
  toOrganizationWire,
} from './organization.schema.ts';
import {
  findOrganization,
  findOrganizationByExternalId,
  findOrganizationByStripeId,
  insertOrganization,
  lockOrganization,
  type OrganizationFilter,
  removeOrganization,
  saveOrganization,
  selectOrganizations,
} from './organization.store.ts';
import { newPolicy } from './policy.schema.ts';

/** An organization and its domains, as every answer shows it. */
export interface WithDomains {
  readonly organization: OrganizationRow;
  readonly domains: readonly DomainRow[];
}

export const wireOf = ({ organization, domains }: WithDomains) => toOrganizationWire(organization, domains);

/** @throws {EntityNotFound} also when it belongs to another environment */
export async function getOrganization(db: Db, tenant: Tenant, id: string): Promise<OrganizationRow> {
  const organization = await findOrganization(db, tenant, id);
  if (!organization) throw new EntityNotFound('Organization', id);
  return organization;
}

export async function withDomains(db: Db, tenant: Tenant, organization: OrganizationRow): Promise<WithDomains> {
  return { organization, domains: await selectDomainsOf(db, tenant, [organization.id]) };
}

export async function listOrganizations(
  db: Db,
  tenant: Tenant,
  query: PageQuery,
  filter: OrganizationFilter,
): Promise<Page<WithDomains & { readonly id: string }>> {
  const page = await pageOf(
    query,
    (id) => findOrganization(db, tenant, id),
    (where, order, limit) => selectOrganizations(db, tenant, filter, where, order, limit),
  );
  const ids = page.rows.map(({ id }) => id);
  const domains = Map.groupBy(await selectDomainsOf(db, tenant, ids), ({ organizationId }) => organizationId);
  const rows = page.rows.map((organization) => ({
    id: organization.id,
    organization,
    domains: domains.get(organization.id) ?? [],
  }));
  return { ...page, rows };
}

/** The domains a body names; null when it says nothing of them. */
function wantedDomains({ domain_data, domains }: OrganizationFields): readonly WantedDomain[] | null {
  if (domain_data != null) return domain_data;
  return domains?.map((domain) => ({ domain, state: 'pending' as const })) ?? null;
}

/**
 * @throws {ExternalIdAlreadyUsed}
 * @throws {DomainAlreadyExists}
 */
export function createOrganization(
  services: Services,
  tenant: Tenant,
  body: OrganizationFields & { readonly name: string },
): Promise<WithDomains> {
  const at = services.now();
  const row: OrganizationRow = {
    id: newId('organization', at),
    name: body.name,
    externalId: body.external_id ?? null,
    stripeCustomerId: null,
    metadata: mergeMetadata({}, body.metadata ?? null, maxMetadataKeys),
    isOpenToOutsideProfiles: body.allow_profiles_outside_organization ?? false,
    ...newPolicy,
    createdAt: at,
    updatedAt: at,
  };
  return services.db.transaction(async (tx) => {
    const organization = await insertOrganization(tx, tenant, row);
    if (!organization) throw new ExternalIdAlreadyUsed(row.externalId ?? '', 'organization');
    const domains: DomainRow[] = [];
    for (const wanted of wantedDomains(body) ?? [])
      domains.push(await addDomain(services, tx, tenant, organization.id, wanted, 'domain_data'));
    await recordEvent(services, tx, tenant, {
      name: 'organization.created',
      data: toOrganizationWire(organization, domains),
    });
    for (const domain of domains) await recordDomain(services, tx, tenant, domain, 'created');
    return { organization, domains };
  });
}

/**
 * Changes what was sent and leaves the rest; a list of domains replaces the one there is. A change that changes nothing
 * moves no `updated_at` and tells nobody.
 *
 * @throws {EntityNotFound} also when it belongs to another environment
 */
export async function updateOrganization(
  services: Services,
  tenant: Tenant,
  id: string,
  change: OrganizationFields,
): Promise<WithDomains> {
  const save = () => services.db.transaction((tx) => changeOrganization(services, tx, tenant, id, change));
  try {
    return await save();
  } catch (error) {
    // Somebody took an id between our look and our write: the second look finds them.
    if (isUniqueViolation(error)) return save();
    throw error;
  }
}

async function changeOrganization(
  services: Services,
  tx: Db,
  tenant: Tenant,
  id: string,
  change: OrganizationFields,
): Promise<WithDomains> {
  const before = await lockOrganization(tx, tenant, id);
  if (!before) throw new EntityNotFound('Organization', id);
  const after = changed(before, change);
  await assertFree(tx, tenant, before, after);
  const wanted = wantedDomains(change);
  const haveDomainsChanged = wanted !== null && (await replaceDomains(services, tx, tenant, id, wanted));
  if (!haveDomainsChanged && isDeepStrictEqual(after, before)) return withDomains(tx, tenant, before);
  const organization = await saveOrganization(tx, tenant, { ...after, updatedAt: services.now() });
  const both = await withDomains(tx, tenant, organization);
  await recordEvent(services, tx, tenant, { name: 'organization.updated', data: wireOf(both) });
  return both;
}

function changed(before: OrganizationRow, change: OrganizationFields): OrganizationRow {
  return {
    ...before,
    name: change.name ?? before.name,
    externalId: change.external_id === undefined ? before.externalId : change.external_id,
    stripeCustomerId: change.stripe_customer_id === undefined ? before.stripeCustomerId : change.stripe_customer_id,
    metadata:
      change.metadata === undefined
        ? before.metadata
        : mergeMetadata(before.metadata, change.metadata, maxMetadataKeys),
    isOpenToOutsideProfiles: change.allow_profiles_outside_organization ?? before.isOpenToOutsideProfiles,
  };
}

async function assertFree(tx: Db, tenant: Tenant, before: OrganizationRow, after: OrganizationRow): Promise<void> {
  const { externalId, stripeCustomerId } = after;
  if (
    externalId !== null &&
    externalId !== before.externalId &&
    (await findOrganizationByExternalId(tx, tenant, externalId))
  )
    throw new ExternalIdAlreadyUsed(externalId, 'organization');
  if (
    stripeCustomerId !== null &&
    stripeCustomerId !== before.stripeCustomerId &&
    (await findOrganizationByStripeId(tx, tenant, stripeCustomerId))
  )
    throw new StripeCustomerIdAlreadyUsed(stripeCustomerId);
}

/** Removes the organization with its domains, memberships and invitations; its members' sessions in it end with them. */
export async function deleteOrganization(services: Services, tenant: Tenant, id: string): Promise<void> {
  await services.db.transaction(async (tx) => {
    const organization = await lockOrganization(tx, tenant, id);
    if (!organization) throw new EntityNotFound('Organization', id);
    await endMembershipsIn(services, tx, tenant, id);
    await removeInvitationsTo(tx, tenant, id);
    const domains = await removeDomainsOf(tx, tenant, id);
    for (const domain of domains) await recordDomain(services, tx, tenant, domain, 'deleted');
    await removeOrganization(tx, tenant, id);
    await recordEvent(services, tx, tenant, {
      name: 'organization.deleted',
      data: toOrganizationWire(organization, domains),
    });
  });
}
