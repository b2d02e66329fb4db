import { z } from 'zod';
import { apiKey, EntityNotFound, listOf, pageOf, pageQuery, type Route, reply, route, toList } from '../core/index.ts';
import { getEnvironment } from '../environments/index.ts';
import { getUser } from '../users/index.ts';
import { underClocks } from './clocks.ts';
import { revokeSessionById } from './logic.ts';
import { Session, toWire } from './schema.ts';
import { findSession, selectSessionsOfUser } from './store.ts';

const list = route(
  {
    operationId: 'listUserSessions',
    method: 'GET',
    path: '/user_management/users/{id}/sessions',
    summary: 'List the sessions of a user',
    description:
      'Ended and expired sessions are listed with their status until they are purged. `expires_at` and `status` follow the settings of today where these are shorter than what held when the session began.',
    auth: apiKey('users:read'),
    params: z.object({ id: z.string() }),
    query: z.object(pageQuery),
    returns: { status: 200, body: listOf(Session) },
    errors: [EntityNotFound],
  },
  async ({ tenant, params, query }, services) => {
    const { db, now } = services;
    const { settings } = await getEnvironment(services, tenant.environmentId);
    await getUser(db, tenant, params.id);
    const page = await pageOf(
      query,
      (id) => findSession(db, tenant, id),
      (where, order, limit) => selectSessionsOfUser(db, tenant, params.id, where, order, limit),
    );
    return toList(page, (session) => toWire(underClocks(session, settings), now()));
  },
);

const revoke = route(
  {
    operationId: 'revokeSession',
    method: 'POST',
    path: '/user_management/sessions/revoke',
    summary: 'Revoke a session',
    description: 'Refreshing it fails from now on; access tokens already issued run out by themselves.',
    auth: apiKey('sessions:write'),
    body: z.object({ session_id: z.string().min(1) }),
    returns: { status: 200, description: 'Revoked. The body is empty.' },
    errors: [EntityNotFound],
  },
  async ({ tenant, body }, services) => {
    await revokeSessionById(services, tenant, body.session_id);
    return reply.empty();
  },
);

export const sessionRoutes: readonly Route[] = [list, revoke];
