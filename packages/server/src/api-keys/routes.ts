import { z } from 'zod';
import { EntityNotFound, listOf, operator, pageQuery, reply, route, toList } from '../core/index.ts';
import { addApiKey, revokeApiKey } from './add-api-key.ts';
import { ApiKey, NewApiKey, toWire } from './schema.ts';
import { listApiKeys } from './store.ts';

const list = route(
  {
    operationId: 'listEnvironmentApiKeys',
    method: 'GET',
    path: '/dashboard/api/api_keys',
    summary: 'List the API keys of the environment',
    auth: operator('api_keys:read'),
    query: z.object(pageQuery),
    returns: { status: 200, body: listOf(ApiKey) },
    errors: [],
    internal: true,
  },
  async ({ tenant, query }, services) => toList(await listApiKeys(services.db, tenant, query), toWire),
);

const create = route(
  {
    operationId: 'createEnvironmentApiKey',
    method: 'POST',
    path: '/dashboard/api/api_keys',
    summary: 'Create an API key, shown only in this answer',
    auth: operator('api_keys:write'),
    needsFreshOperator: true,
    body: z.object({
      name: z
        .string()
        .trim()
        .min(1)
        .max(100)
        .regex(/^\P{Cc}*$/u, 'Leave out control characters.'),
    }),
    returns: { status: 201, body: NewApiKey },
    errors: [],
    internal: true,
  },
  async ({ tenant, body }, services) => {
    const createdBy = tenant.actor.name ?? tenant.actor.id;
    const { row, secret } = await services.db.transaction((tx) =>
      addApiKey(services, tx, tenant, { name: body.name, createdBy }),
    );
    return { ...toWire(row), value: secret.reveal() };
  },
);

const revoke = route(
  {
    operationId: 'revokeEnvironmentApiKey',
    method: 'DELETE',
    path: '/dashboard/api/api_keys/{id}',
    summary: 'Revoke an API key',
    auth: operator('api_keys:write'),
    needsFreshOperator: true,
    params: z.object({ id: z.string() }),
    returns: { status: 204 },
    errors: [EntityNotFound],
    internal: true,
  },
  async ({ tenant, params }, services) => {
    await revokeApiKey(services, tenant, params.id);
    return reply.empty({ status: 204 });
  },
);

export const apiKeyRoutes = [list, create, revoke];
