import type { Db, Services, Tenant } from '../core/index.ts';
import { ownClaims, type Template } from '../jwt-templates/index.ts';
import { createSession, type SessionRow, signOnOf } from '../sessions/index.ts';
import { holdActiveConnection } from '../sso/index.ts';
import { InvalidGrant } from './errors.ts';

/**
 * Starts a session whose tokens have room for what the environment's template puts into them.
 *
 * @throws {InvalidGrant} when the identity provider it began at is connected no longer
 * @throws {TokenTooBig} and with it ends the transaction: what was to be spent, a code for one, is still good
 */
export async function beginSession(
  services: Services,
  tx: Db,
  tenant: Tenant,
  template: Template | null,
  wanted: Parameters<typeof createSession>[3],
): Promise<SessionRow> {
  await assertConnected(tx, tenant, wanted);
  const session = await createSession(services, tx, tenant, wanted);
  await ownClaims(tx, tenant, template, session);
  return session;
}

/** Held until the session is written: whoever switches the connection off meanwhile finds it then, and ends it. */
async function assertConnected(
  tx: Db,
  tenant: Tenant,
  { proven }: Pick<Parameters<typeof createSession>[3], 'proven'>,
): Promise<void> {
  const signOn = signOnOf(proven);
  if (signOn && !(await holdActiveConnection(tx, tenant, signOn.connectionId)))
    throw new InvalidGrant('The connection that this sign-in came by was switched off.');
}
