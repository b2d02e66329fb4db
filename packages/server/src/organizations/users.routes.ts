import { z } from 'zod';
import { apiKey, listOf, pageQuery, type Route, route, toList } from '../core/index.ts';
import { listUsers, toWire, User } from '../users/index.ts';
import { memberIds } from './membership.store.ts';

/** In this room because members are: the room of users knows nothing of organizations. */
const list = route(
  {
    operationId: 'listUsers',
    method: 'GET',
    path: '/user_management/users',
    summary: 'List users',
    description: 'Newest first.',
    auth: apiKey('users:read'),
    query: z.object({
      ...pageQuery,
      email: z.string().optional().describe('Only the user with this address, whatever its case.'),
      organization_id: z.string().optional().describe('Only active members of this organization.'),
      organization: z.string().optional().describe('The older name of `organization_id`.').meta({ deprecated: true }),
    }),
    returns: { status: 200, body: listOf(User) },
    errors: [],
  },
  async ({ tenant, query }, { db }) => {
    const organizationId = query.organization_id ?? query.organization;
    const among = organizationId === undefined ? undefined : memberIds(tenant, organizationId);
    return toList(await listUsers(db, tenant, query, { email: query.email, among }), toWire);
  },
);

export const userListRoutes: readonly Route[] = [list];
