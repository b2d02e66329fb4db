import { z } from 'zod';
import { EntityNotFound, operator, type Route, route, text } from '../core/index.ts';
import { atHome } from './at-home.ts';
import { ConnectionIncomplete, SimulationUnavailable } from './errors.ts';
import { ConnectionDetails, toDetails } from './schema.ts';
import { copyMetadata, simulateProvider } from './set-up.ts';

const params = z.object({ id: z.string().describe('`conn_…`') });

const metadata = route(
  {
    operationId: 'copyProviderMetadata',
    method: 'PUT',
    path: '/dashboard/api/connections/{id}/metadata',
    summary: 'Set a SAML connection up from the metadata of its provider',
    description: 'Send `xml`, or `url` to have it fetched once. Entity ID, sign-on URL and certificates are replaced.',
    auth: operator('organizations:write'),
    needsFreshOperator: true,
    params,
    body: z
      .object({
        xml: z
          .string()
          .max(512 * 1024)
          .optional(),
        url: text(2048).optional(),
      })
      .refine(({ xml, url }) => (xml === undefined) !== (url === undefined), { message: 'Send either xml or url.' }),
    returns: { status: 200, body: ConnectionDetails },
    errors: [EntityNotFound, ConnectionIncomplete],
    internal: true,
  },
  async ({ tenant, params: { id }, body }, services) => {
    const { connection, domains } = await copyMetadata(services, tenant, id, body);
    return toDetails(connection, domains, await atHome(services, tenant));
  },
);

const simulate = route(
  {
    operationId: 'simulateProvider',
    method: 'PUT',
    path: '/dashboard/api/connections/{id}/simulated_provider',
    summary: 'Use the simulated identity provider of a development server',
    auth: operator('organizations:write'),
    needsFreshOperator: true,
    params,
    body: z.object({
      strict: z
        .boolean()
        .default(false)
        .describe('The SAML one that demands signed requests and encrypts its assertions.'),
    }),
    returns: { status: 200, body: ConnectionDetails },
    errors: [EntityNotFound, ConnectionIncomplete, SimulationUnavailable],
    internal: true,
  },
  async ({ tenant, params: { id }, body }, services) => {
    const { connection, domains } = await simulateProvider(services, tenant, id, body.strict);
    return toDetails(connection, domains, await atHome(services, tenant));
  },
);

export const setUpRoutes: readonly Route[] = [metadata, simulate];
