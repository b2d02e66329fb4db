import type { Db, Tenant } from '../core/index.ts';
import { findVerifiedDomain } from './domain.store.ts';
import { domainOf } from './domain-name.ts';
import { findOrganization } from './organization.store.ts';

/** The organization that has proved the domain of an address; null when none has. @param email - normalised */
export async function organizationOfAddress(db: Db, tenant: Tenant, email: string): Promise<string | null> {
  const domain = await findVerifiedDomain(db, tenant, domainOf(email));
  return domain?.organizationId ?? null;
}

/** Whether an organization may speak for an address: one of a domain it has proved. */
export const vouchesFor = async (db: Db, tenant: Tenant, organizationId: string, email: string): Promise<boolean> =>
  (await organizationOfAddress(db, tenant, email)) === organizationId;

/** Whether somebody with that address belongs to an organization, or it takes in people from outside its domains. */
export async function isOfOrganization(
  db: Db,
  tenant: Tenant,
  organizationId: string,
  email: string,
): Promise<boolean> {
  if (await vouchesFor(db, tenant, organizationId, email)) return true;
  const organization = await findOrganization(db, tenant, organizationId);
  return organization?.isOpenToOutsideProfiles ?? false;
}
