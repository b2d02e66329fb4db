import { z } from 'zod';
import { anyone, EntityNotFound, operator, type Route, RouteNotFound, reply, route } from '../../core/index.ts';
import { CustomDomainNotReady, CustomDomainTaken } from '../errors.ts';
import { checkDomain } from './check.ts';
import { isServed } from './hosts.ts';
import { activateDomain, addDomain, deactivateDomain, deleteDomain } from './logic.ts';
import { CustomDomain, toWire } from './schema.ts';
import { selectDomains } from './store.ts';

const path = '/dashboard/api/custom_domains';
const params = z.object({ id: z.string().max(64) });

const list = route(
  {
    operationId: 'listCustomDomains',
    method: 'GET',
    path,
    summary: 'List the environment’s own domains for its pages and the API',
    auth: operator('environment:read'),
    returns: { status: 200, body: z.object({ object: z.literal('list'), data: z.array(CustomDomain) }) },
    errors: [],
    internal: true,
  },
  async ({ tenant }, { db, config }) => ({
    object: 'list' as const,
    data: (await selectDomains(db, tenant)).map((row) => toWire(row, config)),
  }),
);

const add = route(
  {
    operationId: 'addCustomDomain',
    method: 'POST',
    path,
    summary: 'Add a domain that the environment is to prove',
    auth: operator('environment:write'),
    body: z.object({ name: z.string().min(1).max(254) }),
    returns: { status: 201, body: CustomDomain },
    errors: [CustomDomainTaken, CustomDomainNotReady],
    internal: true,
  },
  async ({ tenant, body }, services) => toWire(await addDomain(services, tenant, body.name), services.config),
);

const check = route(
  {
    operationId: 'checkCustomDomain',
    method: 'POST',
    path: `${path}/{id}/check`,
    summary: 'Look at DNS: for the TXT record, and whether the domain leads here',
    auth: operator('environment:write'),
    params,
    returns: { status: 200, body: CustomDomain },
    errors: [EntityNotFound, CustomDomainTaken],
    internal: true,
  },
  async ({ tenant, params: { id } }, services) => toWire(await checkDomain(services, tenant, id), services.config),
);

const activate = route(
  {
    operationId: 'activateCustomDomain',
    method: 'POST',
    path: `${path}/{id}/activate`,
    summary: 'Send people to this domain from now on',
    auth: operator('environment:write'),
    needsFreshOperator: true,
    params,
    body: z.object({
      anyway: z.boolean().default(false).describe('Although DNS does not show that it leads here: behind a proxy.'),
    }),
    returns: { status: 200, body: CustomDomain },
    errors: [EntityNotFound, CustomDomainNotReady],
    internal: true,
  },
  async ({ tenant, params: { id }, body }, services) =>
    toWire(await activateDomain(services, tenant, id, body), services.config),
);

const deactivate = route(
  {
    operationId: 'deactivateCustomDomain',
    method: 'POST',
    path: `${path}/{id}/deactivate`,
    summary: 'Send people to the server’s own name again',
    auth: operator('environment:write'),
    needsFreshOperator: true,
    params,
    returns: { status: 200, body: CustomDomain },
    errors: [EntityNotFound, CustomDomainNotReady],
    internal: true,
  },
  async ({ tenant, params: { id } }, services) => toWire(await deactivateDomain(services, tenant, id), services.config),
);

const remove = route(
  {
    operationId: 'deleteCustomDomain',
    method: 'DELETE',
    path: `${path}/{id}`,
    summary: 'Let go of a domain',
    auth: operator('environment:write'),
    needsFreshOperator: true,
    params,
    returns: { status: 204 },
    errors: [EntityNotFound],
    internal: true,
  },
  async ({ tenant, params: { id } }, services) => {
    await deleteDomain(services, tenant, id);
    return reply.empty({ status: 204 });
  },
);

const ask = route(
  {
    operationId: 'askForCertificate',
    method: 'GET',
    path: '/tls/ask',
    summary: 'Whether a proxy may fetch a certificate for a domain',
    description:
      'For Caddy’s `on_demand_tls`: 200 for the server’s own name and for domains in use, 404 for all others.',
    auth: anyone('it says what DNS says already: which names lead here'),
    query: z.object({ domain: z.string().max(254).default('') }),
    returns: { status: 200 },
    errors: [RouteNotFound],
    internal: true,
  },
  async ({ query }, services) => {
    if (!(await isServed(services, query.domain.toLowerCase())))
      throw new RouteNotFound('No certificate: this domain is not in use here.');
    return reply.empty();
  },
);

export const domainRoutes: readonly Route[] = [list, add, check, activate, deactivate, remove, ask];
