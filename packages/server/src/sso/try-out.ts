import { type Reply, reply, type Services, type Tenant } from '../core/index.ts';
import { servicesAtHome } from './at-home.ts';
import type { ConnectionRow } from './connection.ts';
import type { SignOnResult } from './exchange.ts';
import { beginTrip, findWaitingAnswer, keepAnswer, takeAnswer } from './trips.ts';

/**
 * Stands in an answer for the sign-in that asked. No attempt is called like that, so what was only tried out signs nobody
 * in, and no sign-in's answer is shown to whoever sets connections up.
 */
const tryOutOf = ({ id }: Pick<ConnectionRow, 'id'>): string => `try_out_${id}`;

/**
 * Begins a real trip whose end is shown instead of signing anybody in.
 *
 * @throws {ProviderUnreachable}
 */
export const beginTryOut = async (services: Services, tenant: Tenant, connection: ConnectionRow): Promise<URL> =>
  beginTrip(await servicesAtHome(services, tenant), tenant, connection, { kind: 'test' });

/** Back to the dashboard, which asks for what came of it with its own credentials. */
export async function sendToTest(services: Services, connection: ConnectionRow, result: SignOnResult): Promise<Reply> {
  const ticket = await keepAnswer(services, connection, tryOutOf(connection), result);
  const query = new URLSearchParams({ environment: connection.environmentId, ticket: ticket.reveal() });
  // The dashboard is at the server's own name alone.
  return reply.redirect(`${services.config.serverUrl}/dashboard/connections/${connection.id}/test?${query}`, {
    status: 303,
  });
}

/** What came of it, once. Null when there is none, or it was shown before. */
export async function takeTryOut(
  services: Services,
  tenant: Tenant,
  connection: ConnectionRow,
  ticket: string,
): Promise<SignOnResult | null> {
  const answer = await findWaitingAnswer(services, ticket);
  if (answer?.environmentId !== tenant.environmentId || answer.attemptId !== tryOutOf(connection)) return null;
  return takeAnswer(services, tenant, answer);
}
