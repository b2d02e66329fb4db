import { z } from 'zod';
import { EntityNotFound, listOf, operator, pageQuery, type Route, reply, route, toList } from '../core/index.ts';
import { getUser } from '../users/index.ts';
import { listPasskeys, removePasskey } from './logic.ts';
import { Passkey, toWire } from './schema.ts';

const list = route(
  {
    operationId: 'listUserPasskeys',
    method: 'GET',
    path: '/dashboard/api/users/{id}/passkeys',
    summary: 'List the passkeys of a user',
    auth: operator('users:read'),
    params: z.object({ id: z.string().describe('The id of the user.') }),
    query: z.object(pageQuery),
    returns: { status: 200, body: listOf(Passkey) },
    errors: [EntityNotFound],
    internal: true,
  },
  async ({ tenant, params, query }, { db }) => {
    await getUser(db, tenant, params.id);
    return toList(await listPasskeys(db, tenant, params.id, query), toWire);
  },
);

const remove = route(
  {
    operationId: 'deleteUserPasskey',
    method: 'DELETE',
    path: '/dashboard/api/passkeys/{id}',
    summary: 'Delete a passkey of a user',
    description:
      'It signs nobody in any more; the authenticator goes on offering it until the person deletes it there.',
    auth: operator('users:write'),
    needsFreshOperator: true,
    params: z.object({ id: z.string().describe('The id of the passkey.') }),
    returns: { status: 200 },
    errors: [EntityNotFound],
    internal: true,
  },
  async ({ tenant, params }, services) => {
    await removePasskey(services, tenant, params.id);
    return reply.empty();
  },
);

export const passkeyRoutes: readonly Route[] = [list, remove];
