import { z } from 'zod';
import { apiKey, EntityNotFound, listOf, operator, pageQuery, reply, route, toList } from '../core/index.ts';
import { listCorsOrigins } from './cors-origins.store.ts';
import { addCorsOrigin, removeCorsOrigin } from './cors-origins.ts';
import { DuplicateCorsOrigin } from './errors.ts';
import { CorsOrigin, toCorsOrigin } from './schema.ts';

const list = route(
  {
    operationId: 'listCorsOrigins',
    method: 'GET',
    path: '/user_management/cors_origins',
    summary: 'List CORS origins',
    auth: apiKey('cors_origins:read'),
    query: z.object(pageQuery),
    returns: { status: 200, body: listOf(CorsOrigin) },
    errors: [],
  },
  async ({ tenant, query }, services) => toList(await listCorsOrigins(services.db, tenant, query), toCorsOrigin),
);

const create = route(
  {
    operationId: 'createCorsOrigin',
    method: 'POST',
    path: '/user_management/cors_origins',
    summary: 'Let browser pages of an origin call the API',
    auth: apiKey('cors_origins:write'),
    needsFreshOperator: true,
    body: z.object({ origin: z.string().min(1).describe('Scheme, host and port: `https://app.example.com`.') }),
    returns: { status: 201, body: CorsOrigin },
    errors: [DuplicateCorsOrigin],
  },
  async ({ tenant, body }, services) => toCorsOrigin(await addCorsOrigin(services, tenant, body.origin)),
);

const remove = route(
  {
    operationId: 'deleteCorsOrigin',
    method: 'DELETE',
    path: '/dashboard/api/cors_origins/{id}',
    summary: 'Take a CORS origin off the list',
    auth: operator('cors_origins:write'),
    needsFreshOperator: true,
    params: z.object({ id: z.string() }),
    returns: { status: 204 },
    errors: [EntityNotFound],
    internal: true,
  },
  async ({ tenant, params }, services) => {
    await removeCorsOrigin(services, tenant, params.id);
    return reply.empty({ status: 204 });
  },
);

export const corsOriginRoutes = [list, create, remove];
