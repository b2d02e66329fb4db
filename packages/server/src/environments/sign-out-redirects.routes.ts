import { z } from 'zod';
import { EntityNotFound, listOf, operator, pageQuery, reply, route, toList } from '../core/index.ts';
import { DefaultRedirectInUse, RedirectUriExists } from './errors.ts';
import { listRedirects } from './redirects.store.ts';
import { makeDefault, registerRedirect, removeRedirect } from './redirects.ts';
import { SignOutRedirect, toSignOutRedirect } from './schema.ts';

const list = route(
  {
    operationId: 'listSignOutRedirects',
    method: 'GET',
    path: '/dashboard/api/sign_out_redirects',
    summary: 'List sign-out redirects',
    auth: operator('redirect_uris:read'),
    query: z.object(pageQuery),
    returns: { status: 200, body: listOf(SignOutRedirect) },
    errors: [],
    internal: true,
  },
  async ({ tenant, query }, services) =>
    toList(await listRedirects(services.db, tenant, 'sign_out_redirects', query), toSignOutRedirect),
);

const create = route(
  {
    operationId: 'createSignOutRedirect',
    method: 'POST',
    path: '/dashboard/api/sign_out_redirects',
    summary: 'Register a sign-out redirect',
    auth: operator('redirect_uris:write'),
    needsFreshOperator: true,
    body: z.object({ uri: z.string().min(1) }),
    returns: { status: 201, body: SignOutRedirect },
    errors: [RedirectUriExists],
    internal: true,
  },
  async ({ tenant, body }, services) =>
    toSignOutRedirect(await registerRedirect(services, tenant, 'sign_out_redirects', body.uri)),
);

const remove = route(
  {
    operationId: 'deleteSignOutRedirect',
    method: 'DELETE',
    path: '/dashboard/api/sign_out_redirects/{id}',
    summary: 'Delete a sign-out redirect',
    auth: operator('redirect_uris:write'),
    needsFreshOperator: true,
    params: z.object({ id: z.string() }),
    returns: { status: 204 },
    errors: [EntityNotFound, DefaultRedirectInUse],
    internal: true,
  },
  async ({ tenant, params }, services) => {
    await removeRedirect(services, tenant, 'sign_out_redirects', params.id);
    return reply.empty({ status: 204 });
  },
);

const setDefault = route(
  {
    operationId: 'makeSignOutRedirectDefault',
    method: 'PUT',
    path: '/dashboard/api/sign_out_redirects/{id}/default',
    summary: 'Make a sign-out redirect the default',
    auth: operator('redirect_uris:write'),
    needsFreshOperator: true,
    params: z.object({ id: z.string() }),
    returns: { status: 200, body: SignOutRedirect },
    errors: [EntityNotFound],
    internal: true,
  },
  async ({ tenant, params }, services) =>
    toSignOutRedirect(await makeDefault(services, tenant, 'sign_out_redirects', params.id)),
);

export const signOutRedirectRoutes = [list, create, remove, setDefault];
