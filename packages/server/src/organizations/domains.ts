import { type Db, EntityNotFound, newId, randomBase62, type Services, type Tenant } from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import { type DomainRow, toDomainWire } from './domain.schema.ts';
import {
  findVerifiedDomain,
  insertDomain,
  markVerified,
  removeDomain,
  selectDomainsOf,
  unverify,
} from './domain.store.ts';
import { parseDomain } from './domain-name.ts';
import { DomainAlreadyExists } from './errors.ts';
import { markOwnOfDomain } from './membership.store.ts';
import { holdOrganization } from './organization.store.ts';

export interface WantedDomain {
  readonly domain: string;
  /** `verified`: the application vouches for it. */
  readonly state: 'pending' | 'verified';
}

const tokenLength = 25;

/**
 * Gives an organization a domain. Records no event: see `recordDomain`.
 *
 * Two organizations may both be about to prove a domain, or whoever is first to name one would keep its owner out.
 *
 * @throws {InvalidRequestParameters} when it is not one that somebody can own
 * @throws {DomainAlreadyExists} when it has it already, or another organization has proved it
 */
export async function addDomain(
  { now }: Pick<Services, 'now'>,
  tx: Db,
  tenant: Tenant,
  organizationId: string,
  { domain: raw, state }: WantedDomain,
  field = 'domain',
): Promise<DomainRow> {
  const domain = parseDomain(raw, field);
  const at = now();
  if (await findVerifiedDomain(tx, tenant, domain)) throw new DomainAlreadyExists(domain);
  const row = await insertDomain(tx, tenant, {
    id: newId('organizationDomain', at),
    organizationId,
    domain,
    state,
    verificationStrategy: state === 'verified' ? 'manual' : 'dns',
    verificationPrefix: `authkit-domain-verification-${randomBase62(6).toLowerCase()}`,
    verificationToken: randomBase62(tokenLength),
    startedAt: null,
    nextCheckAt: null,
    createdAt: at,
    updatedAt: at,
  });
  if (!row) throw new DomainAlreadyExists(domain);
  return row;
}

/** Tells of a domain; one that was verified from the start is told of as that too. */
export async function recordDomain(
  services: Services,
  tx: Db,
  tenant: Tenant,
  domain: DomainRow,
  what: 'created' | 'updated' | 'verified' | 'deleted',
): Promise<void> {
  const data = toDomainWire(domain);
  await recordEvent(services, tx, tenant, { name: `organization_domain.${what}`, data });
  if (what === 'created' && domain.state === 'verified')
    await recordEvent(services, tx, tenant, { name: 'organization_domain.verified', data });
}

/** `POST /organization_domains` */
export function createDomain(
  services: Services,
  tenant: Tenant,
  organizationId: string,
  domain: string,
): Promise<DomainRow> {
  return services.db.transaction(async (tx) => {
    if (!(await holdOrganization(tx, tenant, organizationId))) throw new EntityNotFound('Organization', organizationId);
    const row = await addDomain(services, tx, tenant, organizationId, { domain, state: 'pending' });
    await recordDomain(services, tx, tenant, row, 'created');
    return row;
  });
}

/** @throws {EntityNotFound} */
export async function deleteDomain(services: Services, tenant: Tenant, id: string): Promise<void> {
  await services.db.transaction(async (tx) => {
    const row = await removeDomain(tx, tenant, id);
    if (!row) throw new EntityNotFound('OrganizationDomain', id);
    await keepOwnPeople(tx, tenant, row);
    await recordDomain(services, tx, tenant, row, 'deleted');
  });
}

/** A domain that goes makes no guests of those who have its addresses. */
async function keepOwnPeople(tx: Db, tenant: Tenant, { organizationId, domain, state }: DomainRow): Promise<void> {
  if (state === 'verified') await markOwnOfDomain(tx, tenant, organizationId, domain);
}

/**
 * Makes an organization's domains those that are named, and leaves what is there already as it is: a domain that DNS has
 * proved stays proved when the list says `pending`, because lists are sent back as they were read.
 *
 * @returns whether anything changed
 */
export async function replaceDomains(
  services: Services,
  tx: Db,
  tenant: Tenant,
  organizationId: string,
  wanted: readonly WantedDomain[],
): Promise<boolean> {
  const there = await selectDomainsOf(tx, tenant, [organizationId]);
  const named = new Map(wanted.map((each) => [parseDomain(each.domain, 'domain_data'), each.state]));
  let isChanged = false;
  for (const row of there) {
    const state = named.get(row.domain);
    if (state === undefined) {
      await removeDomain(tx, tenant, row.id);
      await keepOwnPeople(tx, tenant, row);
      await recordDomain(services, tx, tenant, row, 'deleted');
      isChanged = true;
    } else if (await changeState(services, tx, tenant, row, state)) {
      isChanged = true;
    }
  }
  for (const [domain, state] of named) {
    if (there.some((row) => row.domain === domain)) continue;
    const row = await addDomain(services, tx, tenant, organizationId, { domain, state }, 'domain_data');
    await recordDomain(services, tx, tenant, row, 'created');
    isChanged = true;
  }
  return isChanged;
}

async function changeState(
  services: Services,
  tx: Db,
  tenant: Tenant,
  row: DomainRow,
  wanted: WantedDomain['state'],
): Promise<boolean> {
  const at = services.now();
  if (wanted === 'verified' && row.state !== 'verified') {
    const verified = await markVerified(tx, tenant, row, 'manual', at);
    if (!verified) throw new DomainAlreadyExists(row.domain);
    await recordDomain(services, tx, tenant, verified, 'verified');
    return true;
  }
  // What the application vouched for it can take back.
  const isTakenBack = wanted === 'pending' && row.state === 'verified' && row.verificationStrategy === 'manual';
  const pending = isTakenBack ? await unverify(tx, tenant, row.id, at) : null;
  if (pending) await keepOwnPeople(tx, tenant, row);
  if (pending) await recordDomain(services, tx, tenant, pending, 'updated');
  return pending !== null;
}
