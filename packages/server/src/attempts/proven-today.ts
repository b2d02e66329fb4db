import type { Db, Tenant } from '../core/index.ts';
import { vouchesFor } from '../organizations/index.ts';
import type { Proven } from '../sessions/index.ts';
import type { UserRow } from '../users/index.ts';

/**
 * What was proved, as it counts today. An organization that has lost the domain of the user's address spoke for them
 * anywhere when they signed in; from then on it does so for itself alone. (Of a connection that goes the sessions end.)
 */
export async function provenToday(
  db: Db,
  tenant: Tenant,
  proven: Proven,
  { email }: Pick<UserRow, 'email'>,
): Promise<Proven> {
  const { sso } = proven;
  if (!sso?.provesEmail) return proven;
  const provesEmail = await vouchesFor(db, tenant, sso.organizationId, email);
  return { ...proven, sso: { ...sso, provesEmail } };
}
