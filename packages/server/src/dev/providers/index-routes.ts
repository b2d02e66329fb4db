import { anyone, authenticatedTenant, type Route, RouteNotFound, reply, route } from '../../core/index.ts';
import { firstEnvironment } from '../../environments/index.ts';
import { listProviderStates, marks, type ProviderState } from '../../social/index.ts';
import { assertAtThisMachine } from '../at-this-machine.ts';
import { type ProviderRow, providersPage } from '../pages/index.ts';
import { employees } from './idp/cast.ts';
import { socialCast } from './persona.ts';

/** What there is to try, as a page for the developer at this machine. */
export const providerIndexRoute: Route = route(
  {
    operationId: 'showSimulatedProviders',
    method: 'GET',
    path: '/dev/providers',
    summary: 'The simulated providers, for people',
    auth: anyone('Only a loopback peer that asks with our own host gets an answer: the developer at this machine.'),
    returns: { status: 200 },
    errors: [RouteNotFound],
    internal: true,
    page: true,
  },
  async ({ request }, services) => {
    assertAtThisMachine(request, services);
    const environment = await firstEnvironment(services);
    if (!environment) throw new RouteNotFound('There is no environment yet.');
    const tenant = authenticatedTenant(environment.id, { type: 'user', id: environment.client.clientId, name: null });
    const states = await listProviderStates(services, services.db, tenant, environment);
    const view = {
      environmentName: environment.name,
      providers: states.map(toRow),
      people: socialCast,
      employees: employees('saml', null),
    };
    return reply.page((nonce) => providersPage({ ...view, nonce }));
  },
);

const toRow = ({ provider, description, isEnabled, source }: ProviderState): ProviderRow => ({
  label: description.label,
  mark: marks[provider],
  provider,
  state: source === 'own' ? 'own' : isEnabled ? 'on' : 'off',
});
