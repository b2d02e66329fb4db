import { anyOf, type Db, json, type Statement, sql, type Tenant } from '../core/index.ts';
import { isExternalId } from '../users/index.ts';
import type { OrganizationRow } from './organization.schema.ts';

const columns = sql`id, name, external_id, stripe_customer_id, metadata_json, is_open_to_outside_profiles,
  sign_in_methods_json, guest_sign_in_methods_json, mfa, is_joined_by_domain, is_joined_by_sso, created_at, updated_at`;

/** Ids come from the outside in paths and cursors; what cannot be one is not looked up. */
export const isOrganizationId = (id: string): boolean => /^org_[0-9A-Za-z]{1,64}$/.test(id);

export async function findOrganization(db: Db, tenant: Tenant, id: string): Promise<OrganizationRow | null> {
  if (!isOrganizationId(id)) return null;
  return db.maybeOne(sql<OrganizationRow>`
    select ${columns} from organizations where id = ${id} and environment_id = ${tenant.environmentId}`);
}

export async function findOrganizationByExternalId(
  db: Db,
  tenant: Tenant,
  externalId: string,
): Promise<OrganizationRow | null> {
  if (!isExternalId(externalId)) return null;
  return db.maybeOne(sql<OrganizationRow>`
    select ${columns} from organizations
    where environment_id = ${tenant.environmentId} and external_id = ${externalId}`);
}

export function findOrganizationByStripeId(db: Db, tenant: Tenant, stripeId: string): Promise<OrganizationRow | null> {
  return db.maybeOne(sql<OrganizationRow>`
    select ${columns} from organizations
    where environment_id = ${tenant.environmentId} and stripe_customer_id = ${stripeId}`);
}

/** The organization, kept from changing and from going until the transaction ends. */
export async function lockOrganization(tx: Db, tenant: Tenant, id: string): Promise<OrganizationRow | null> {
  if (!isOrganizationId(id)) return null;
  return tx.maybeOne(sql<OrganizationRow>`
    select ${columns} from organizations where id = ${id} and environment_id = ${tenant.environmentId} ${forUpdate}`);
}

/** The same, while others may hold it too: whoever adds something to an organization that may be going. */
export async function holdOrganization(tx: Db, tenant: Tenant, id: string): Promise<OrganizationRow | null> {
  if (!isOrganizationId(id)) return null;
  return tx.maybeOne(sql<OrganizationRow>`
    select ${columns} from organizations where id = ${id} and environment_id = ${tenant.environmentId} ${forShare}`);
}

/** SQLite has one writer at a time, and this is it. */
export const forUpdate = sql.engine({ sqlite: '', postgresql: 'for update' });
export const forShare = sql.engine({ sqlite: '', postgresql: 'for share' });

/** @returns null when another one has its external id */
export function insertOrganization(tx: Db, tenant: Tenant, row: OrganizationRow): Promise<OrganizationRow | null> {
  return tx.maybeOne(sql<OrganizationRow>`
    insert into organizations (id, environment_id, name, name_key, external_id, stripe_customer_id, metadata_json,
      is_open_to_outside_profiles, sign_in_methods_json, guest_sign_in_methods_json, mfa, is_joined_by_domain,
      is_joined_by_sso, created_at, updated_at)
    values (${row.id}, ${tenant.environmentId}, ${row.name}, ${nameKey(row.name)}, ${row.externalId},
      ${row.stripeCustomerId}, ${json(row.metadata)}, ${row.isOpenToOutsideProfiles}, ${methodsOf(row.signInMethods)},
      ${methodsOf(row.guestSignInMethods)}, ${row.mfa},
      ${row.isJoinedByDomain}, ${row.isJoinedBySso}, ${row.createdAt}, ${row.updatedAt})
    on conflict do nothing
    returning ${columns}`);
}

/** Fails as a unique violation when somebody else took the external or Stripe id in the meantime. */
export function saveOrganization(tx: Db, tenant: Tenant, row: OrganizationRow): Promise<OrganizationRow> {
  return tx.one(sql<OrganizationRow>`
    update organizations set name = ${row.name}, name_key = ${nameKey(row.name)}, external_id = ${row.externalId},
      stripe_customer_id = ${row.stripeCustomerId}, metadata_json = ${json(row.metadata)},
      is_open_to_outside_profiles = ${row.isOpenToOutsideProfiles}, sign_in_methods_json = ${methodsOf(row.signInMethods)},
      guest_sign_in_methods_json = ${methodsOf(row.guestSignInMethods)},
      mfa = ${row.mfa}, is_joined_by_domain = ${row.isJoinedByDomain},
      is_joined_by_sso = ${row.isJoinedBySso}, updated_at = ${row.updatedAt}
    where id = ${row.id} and environment_id = ${tenant.environmentId}
    returning ${columns}`);
}

const methodsOf = (methods: OrganizationRow['signInMethods']): string | null => methods && json(methods);

export async function removeOrganization(tx: Db, tenant: Tenant, id: string): Promise<OrganizationRow | null> {
  if (!isOrganizationId(id)) return null;
  return tx.maybeOne(sql<OrganizationRow>`
    delete from organizations where id = ${id} and environment_id = ${tenant.environmentId} returning ${columns}`);
}

export interface OrganizationFilter {
  /** Any of these, in lower-case A-labels. */
  readonly domains?: readonly string[] | undefined;
  /** Part of the name, whatever its case. */
  readonly search?: string | undefined;
}

export function selectOrganizations(
  db: Db,
  tenant: Tenant,
  { domains, search }: OrganizationFilter,
  where: Statement,
  order: Statement,
  limit: number,
): Promise<OrganizationRow[]> {
  const conditions = [where];
  if (search) conditions.push(sql`name_key like ${`%${escaped(nameKey(search))}%`} escape '!'`);
  if (domains)
    conditions.push(sql`exists (
      select 1 from organization_domains as d
      where d.organization_id = organizations.id and d.domain ${anyOf(domains)})`);
  return db.all(sql<OrganizationRow>`
    select ${columns} from organizations
    where environment_id = ${tenant.environmentId} and ${sql.join(conditions, ' and ')}
    order by ${order} limit ${limit}`);
}

/** The ids of those that have a domain, proved or not. @param domain - in lower-case A-labels */
export async function listOrganizationsWith(db: Db, tenant: Tenant, domain: string): Promise<string[]> {
  const rows = await db.all(sql<{ organizationId: string }>`
    select organization_id from organization_domains
    where environment_id = ${tenant.environmentId} and domain = ${domain}`);
  return rows.map(({ organizationId }) => organizationId);
}

const nameKey = (name: string): string => name.normalize('NFKC').toLowerCase();

/** What `like` reads as a wildcard stands for itself. */
const escaped = (text: string): string => text.replace(/[!%_]/g, '!$&');
