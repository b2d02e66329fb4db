import type { Db, Tenant } from '../core/index.ts';
import { organizationOfAddress } from '../organizations/index.ts';
import { isBoundToOrganization, type Proven, signOnOf } from '../sessions/index.ts';
import type { UserRow } from '../users/index.ts';

/** Who may speak for an address; asked only where somebody's word is what was proved. */
export const domainOwnerOf = async (
  db: Db,
  tenant: Tenant,
  proven: Proven,
  { email }: Pick<UserRow, 'email'>,
): Promise<string | null> => (proven.sso?.provesEmail ? organizationOfAddress(db, tenant, email) : null);

/**
 * What was proved, as it counts today. An organization that has lost the domain of the user's address spoke for them
 * anywhere when they signed in; from then on it does so for itself alone. (Of a connection that goes the sessions end.)
 */
export function provenToday(proven: Proven, { domainOwnerId }: { readonly domainOwnerId: string | null }): Proven {
  const { sso } = proven;
  if (!sso?.provesEmail || sso.organizationId === domainOwnerId) return proven;
  return { ...proven, sso: { ...sso, provesEmail: false } };
}

/** Whether what was proved lets somebody into an organization, or into none, as far as the provider that said so goes. */
export async function reaches(
  db: Db,
  tenant: Tenant,
  proven: Proven,
  user: Pick<UserRow, 'email'>,
  organizationId: string | null,
): Promise<boolean> {
  if (signOnOf(proven) === null || signOnOf(proven)?.organizationId === organizationId) return true;
  const domainOwnerId = await domainOwnerOf(db, tenant, proven, user);
  return !isBoundToOrganization(provenToday(proven, { domainOwnerId }));
}
