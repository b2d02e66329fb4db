import { anyOf, type Db, sql, type Tenant } from '../core/index.ts';
import type { DomainRow } from './domain.schema.ts';

const columns = sql`id, organization_id, domain, state, verification_strategy, verification_prefix, verification_token,
  started_at, next_check_at, created_at, updated_at`;

const isDomainId = (id: string): boolean => /^org_domain_[0-9A-Za-z]{1,64}$/.test(id);

export async function findDomain(db: Db, tenant: Tenant, id: string): Promise<DomainRow | null> {
  if (!isDomainId(id)) return null;
  return db.maybeOne(sql<DomainRow>`
    select ${columns} from organization_domains where id = ${id} and environment_id = ${tenant.environmentId}`);
}

/** The organization that has proved this domain. */
export function findVerifiedDomain(db: Db, tenant: Tenant, domain: string): Promise<DomainRow | null> {
  return db.maybeOne(sql<DomainRow>`
    select ${columns} from organization_domains
    where environment_id = ${tenant.environmentId} and domain = ${domain} and state = 'verified'`);
}

/** Oldest first. */
export function selectDomainsOf(db: Db, tenant: Tenant, organizationIds: readonly string[]): Promise<DomainRow[]> {
  return db.all(sql<DomainRow>`
    select ${columns} from organization_domains
    where environment_id = ${tenant.environmentId} and organization_id ${anyOf(organizationIds)}
    order by created_at, domain`);
}

/** @returns null when the organization has it already, or another one has proved it and this row says it is verified */
export function insertDomain(tx: Db, tenant: Tenant, row: DomainRow): Promise<DomainRow | null> {
  return tx.maybeOne(sql<DomainRow>`
    insert into organization_domains (id, environment_id, organization_id, domain, state, verification_strategy,
      verification_prefix, verification_token, started_at, next_check_at, created_at, updated_at)
    values (${row.id}, ${tenant.environmentId}, ${row.organizationId}, ${row.domain}, ${row.state},
      ${row.verificationStrategy}, ${row.verificationPrefix}, ${row.verificationToken}, ${row.startedAt},
      ${row.nextCheckAt}, ${row.createdAt}, ${row.updatedAt})
    on conflict do nothing
    returning ${columns}`);
}

/**
 * Marks a domain as proved, unless it is already or another organization has proved it.
 *
 * Of two organizations that prove one domain at the same moment the second fails as a unique violation.
 */
export function markVerified(
  tx: Db,
  tenant: Tenant,
  { id, domain }: Pick<DomainRow, 'id' | 'domain'>,
  strategy: DomainRow['verificationStrategy'],
  at: Date,
): Promise<DomainRow | null> {
  return tx.maybeOne(sql<DomainRow>`
    update organization_domains set state = 'verified', verification_strategy = ${strategy}, started_at = null,
      next_check_at = null, updated_at = ${at}
    where id = ${id} and environment_id = ${tenant.environmentId} and state <> 'verified' and not exists (
      select 1 from organization_domains as other
      where other.environment_id = ${tenant.environmentId} and other.domain = ${domain} and other.state = 'verified')
    returning ${columns}`);
}

/** Gives up looking for the record. @returns null when it was not being looked for */
export function markFailed(tx: Db, tenant: Tenant, id: string, at: Date): Promise<DomainRow | null> {
  return tx.maybeOne(sql<DomainRow>`
    update organization_domains set state = 'failed', started_at = null, next_check_at = null, updated_at = ${at}
    where id = ${id} and environment_id = ${tenant.environmentId} and state = 'pending'
    returning ${columns}`);
}

/** Begins to look for the record, or goes on. A domain that had failed is pending again. */
export function startCheck(tx: Db, tenant: Tenant, id: string, at: Date, nextCheckAt: Date): Promise<DomainRow | null> {
  return tx.maybeOne(sql<DomainRow>`
    update organization_domains set state = 'pending', verification_strategy = 'dns',
      started_at = coalesce(started_at, ${at}), next_check_at = ${nextCheckAt},
      updated_at = case when state = 'pending' then updated_at else ${at} end
    where id = ${id} and environment_id = ${tenant.environmentId} and state <> 'verified'
    returning ${columns}`);
}

/** Takes it back to where a record has to prove it. */
export function unverify(tx: Db, tenant: Tenant, id: string, at: Date): Promise<DomainRow | null> {
  return tx.maybeOne(sql<DomainRow>`
    update organization_domains set state = 'pending', verification_strategy = 'dns', updated_at = ${at}
    where id = ${id} and environment_id = ${tenant.environmentId} and state <> 'pending'
    returning ${columns}`);
}

export async function removeDomain(tx: Db, tenant: Tenant, id: string): Promise<DomainRow | null> {
  if (!isDomainId(id)) return null;
  return tx.maybeOne(sql<DomainRow>`
    delete from organization_domains where id = ${id} and environment_id = ${tenant.environmentId}
    returning ${columns}`);
}

export function removeDomainsOf(tx: Db, tenant: Tenant, organizationId: string): Promise<DomainRow[]> {
  return tx.all(sql<DomainRow>`
    delete from organization_domains
    where organization_id = ${organizationId} and environment_id = ${tenant.environmentId}
    returning ${columns}`);
}

/** Domains whose record is to be looked for now, in any environment. Whoever gets one has it to themselves until `next`. */
export function takeDueDomains(
  db: Db,
  at: Date,
  next: Date,
  limit: number,
): Promise<(DomainRow & { readonly environmentId: string })[]> {
  return db.all(sql<DomainRow & { environmentId: string }>`
    update organization_domains set next_check_at = ${next}
    where next_check_at <= ${at} and id in (
      select id from organization_domains where next_check_at <= ${at} order by next_check_at limit ${limit})
    returning ${columns}, environment_id`);
}
