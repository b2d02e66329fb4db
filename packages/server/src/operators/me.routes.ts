import { z } from 'zod';
import { developerUrl, type Route, route, type Services, signedInOperator, systemTenant } from '../core/index.ts';
import { type EnvironmentWithClient, listEnvironments } from '../environments/index.ts';
import { findUser } from '../users/index.ts';
import { dashboardClient } from './dashboard-client.ts';
import { findOperator } from './store.ts';

const Me = z
  .object({
    operator: z.object({
      id: z.string(),
      email: z.string(),
      first_name: z.string().nullable(),
      last_name: z.string().nullable(),
      role: z.enum(['owner']),
    }),
    environments: z.array(
      z.object({ id: z.string(), name: z.string(), kind: z.enum(['staging', 'production']), client_id: z.string() }),
    ),
    version: z.string(),
    mailbox_url: z.string().nullable().describe('The development server’s inbox; null elsewhere.'),
  })
  .meta({ id: 'Me' });

const toWire = (environment: EnvironmentWithClient): z.input<typeof Me>['environments'][number] => ({
  id: environment.id,
  name: environment.name,
  kind: environment.kind,
  client_id: environment.client.clientId,
});

const me = route(
  {
    operationId: 'getMe',
    method: 'GET',
    path: '/dashboard/api/me',
    summary: 'Who is signed in, and what they may look at',
    auth: signedInOperator(),
    returns: { status: 200, body: Me },
    errors: [],
    internal: true,
  },
  async ({ operator }, services) => ({
    operator: await describe(services, operator.id, operator.email),
    environments: (await listEnvironments(services)).map(toWire),
    version: services.config.version,
    mailbox_url: services.config.mode === 'dev' ? `${developerUrl(services.config)}/dev/mailbox` : null,
  }),
);

async function describe(services: Services, id: string, email: string): Promise<z.input<typeof Me>['operator']> {
  const client = await dashboardClient(services);
  const user = await findUser(services.db, systemTenant(client.environment.id), id);
  const operator = await findOperator(services.db, id);
  return {
    id,
    email,
    first_name: user?.firstName ?? null,
    last_name: user?.lastName ?? null,
    role: operator?.role ?? 'owner',
  };
}

export const meRoutes: readonly Route[] = [me];
