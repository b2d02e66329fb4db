import { z } from 'zod';
import { apiKey, EntityNotFound, listOf, operator, pageQuery, reply, route, toList } from '../core/index.ts';
import { DefaultRedirectInUse, RedirectUriExists } from './errors.ts';
import { listRedirects } from './redirects.store.ts';
import { makeDefault, registerRedirect, removeRedirect } from './redirects.ts';
import { RedirectUri, toRedirectUri } from './schema.ts';

const list = route(
  {
    operationId: 'listRedirectUris',
    method: 'GET',
    path: '/user_management/redirect_uris',
    summary: 'List redirect URIs',
    auth: apiKey('redirect_uris:read'),
    query: z.object(pageQuery),
    returns: { status: 200, body: listOf(RedirectUri) },
    errors: [],
  },
  async ({ tenant, query }, services) =>
    toList(await listRedirects(services.db, tenant, 'redirect_uris', query), toRedirectUri),
);

const create = route(
  {
    operationId: 'createRedirectUri',
    method: 'POST',
    path: '/user_management/redirect_uris',
    summary: 'Register a redirect URI',
    description: 'The first one that has no wildcard becomes the default.',
    auth: apiKey('redirect_uris:write'),
    needsFreshOperator: true,
    body: z.object({ uri: z.string().min(1).describe('Compared exactly; one `*` may stand in the leftmost label.') }),
    returns: { status: 201, body: RedirectUri },
    errors: [RedirectUriExists],
  },
  async ({ tenant, body }, services) =>
    toRedirectUri(await registerRedirect(services, tenant, 'redirect_uris', body.uri)),
);

const remove = route(
  {
    operationId: 'deleteRedirectUri',
    method: 'DELETE',
    path: '/user_management/redirect_uris/{id}',
    summary: 'Delete a redirect URI',
    auth: apiKey('redirect_uris:write'),
    needsFreshOperator: true,
    params: z.object({ id: z.string() }),
    returns: { status: 204 },
    errors: [EntityNotFound, DefaultRedirectInUse],
  },
  async ({ tenant, params }, services) => {
    await removeRedirect(services, tenant, 'redirect_uris', params.id);
    return reply.empty({ status: 204 });
  },
);

const setDefault = route(
  {
    operationId: 'makeRedirectUriDefault',
    method: 'PUT',
    path: '/dashboard/api/redirect_uris/{id}/default',
    summary: 'Make a redirect URI the default',
    auth: operator('redirect_uris:write'),
    needsFreshOperator: true,
    params: z.object({ id: z.string() }),
    returns: { status: 200, body: RedirectUri },
    errors: [EntityNotFound],
    internal: true,
  },
  async ({ tenant, params }, services) =>
    toRedirectUri(await makeDefault(services, tenant, 'redirect_uris', params.id)),
);

export const redirectUriRoutes = [list, create, remove, setDefault];
