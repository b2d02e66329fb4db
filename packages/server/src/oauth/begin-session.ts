import { accountOf, allows, policyStep, reaches } from '../attempts/index.ts';
import type { Db, Services, Tenant } from '../core/index.ts';
import type { Client } from '../environments/index.ts';
import { ownClaims, type Template } from '../jwt-templates/index.ts';
import { createSession, firstFactorOf, type SessionRow, signOnOf } from '../sessions/index.ts';
import { holdActiveConnection } from '../sso/index.ts';
import { findUser, type UserRow } from '../users/index.ts';
import { InvalidGrant } from './errors.ts';

/**
 * Starts a session whose tokens have room for what the environment's template puts into them.
 *
 * @throws {InvalidGrant} when the identity provider it began at may not say any more who they are
 * @throws {TokenTooBig} and with it ends the transaction: what was to be spent, a code for one, is still good
 */
export async function beginSession(
  services: Services,
  tx: Db,
  tenant: Tenant,
  template: Template | null,
  wanted: Parameters<typeof createSession>[3],
): Promise<SessionRow> {
  if (!(await isStillProved(tx, tenant, wanted)))
    throw new InvalidGrant('What this sign-in came by says no more who the person is.');
  const session = await createSession(services, tx, tenant, wanted);
  await ownClaims(tx, tenant, template, session);
  return session;
}

/**
 * Whether the identity provider that said who somebody is may still say so, in the organization that the session is to be
 * in. Held until the session is written: whoever switches the connection off meanwhile finds it then, and ends it.
 */
export async function isStillProved(
  tx: Db,
  tenant: Tenant,
  { userId, proven, organizationId }: Pick<SessionRow, 'userId' | 'proven' | 'organizationId'>,
): Promise<boolean> {
  const signOn = signOnOf(proven);
  if (!signOn) return true;
  if (!(await holdActiveConnection(tx, tenant, signOn.connectionId))) return false;
  const user = await findUser(tx, tenant, userId);
  return user !== null && reaches(tx, tenant, proven, user, organizationId);
}

/**
 * Whether what was proved satisfies what environment and organization ask by now. Between the last page of a sign-in and
 * the exchange of what it ended in pass up to ten minutes, in which either may have come to ask for more, or the way in
 * that was used been switched off.
 */
export async function isStillEnough(
  tx: Db,
  tenant: Tenant,
  { environment }: Client,
  user: UserRow,
  { proven, organizationId }: Pick<SessionRow, 'proven' | 'organizationId'>,
): Promise<boolean> {
  const factor = firstFactorOf(proven);
  if (factor === null || !allows(environment.settings, factor)) return false;
  const account = await accountOf(tx, tenant, user, proven);
  const membership = account.memberships.find((each) => each.organizationId === organizationId) ?? null;
  return policyStep(proven, account, environment.settings, membership) === null;
}
