import type { Db, Services, Tenant } from '../core/index.ts';
import { ownClaims, type Template } from '../jwt-templates/index.ts';
import { createSession, type SessionRow } from '../sessions/index.ts';

/**
 * Starts a session whose tokens have room for what the environment's template puts into them.
 *
 * @throws {TokenTooBig} and with it ends the transaction: what was to be spent, a code for one, is still good
 */
export async function beginSession(
  services: Services,
  tx: Db,
  tenant: Tenant,
  template: Template | null,
  wanted: Parameters<typeof createSession>[3],
): Promise<SessionRow> {
  const session = await createSession(services, tx, tenant, wanted);
  await ownClaims(tx, tenant, template, session);
  return session;
}
