import { z } from 'zod';
import { EntityNotFound, operator, type Route, reply, route } from '../core/index.ts';
import { getLockout, unlock } from './logic.ts';
import { LockoutWire, toWire } from './schema.ts';

const params = z.object({ id: z.string().describe('The id of the user.') });

const show = route(
  {
    operationId: 'getLockout',
    method: 'GET',
    path: '/dashboard/api/users/{id}/lockout',
    summary: 'Get how often a user’s secrets were tried in vain',
    auth: operator('users:read'),
    params,
    returns: { status: 200, body: LockoutWire },
    errors: [EntityNotFound],
    internal: true,
  },
  async ({ tenant, params: { id } }, services) => toWire(id, await getLockout(services, tenant, id), services.now()),
);

const open = route(
  {
    operationId: 'unlockUser',
    method: 'POST',
    path: '/dashboard/api/users/{id}/unlock',
    summary: 'Let a user try again',
    description: 'Forgets every failure in a row, of passwords, codes and second factors.',
    auth: operator('users:write'),
    params,
    returns: { status: 200 },
    errors: [EntityNotFound],
    internal: true,
  },
  async ({ tenant, params: { id } }, services) => {
    await unlock(services, tenant, id);
    return reply.empty();
  },
);

export const lockoutRoutes: readonly Route[] = [show, open];
