import { z } from 'zod';
import {
  after,
  days,
  listOf,
  operator,
  pageBy,
  pageQuery,
  type Route,
  route,
  timestamp,
  toList,
  toTimestamp,
} from '../core/index.ts';
import type { EventName } from '../protocol/index.ts';
import { placeEvents } from './positions.store.ts';
import { byPosition, countEvents, countEventsByPeople, type EventRow, findEvent, selectEvents } from './store.ts';

export const Event = z
  .object({
    object: z.literal('event'),
    id: z.string(),
    event: z.string().describe('What happened, `user.created` for one.'),
    data: z.record(z.string(), z.unknown()),
    created_at: timestamp,
  })
  .meta({ id: 'Event' });

export const toWire = (row: EventRow): z.input<typeof Event> => ({
  object: 'event',
  id: row.id,
  event: row.name,
  data: { ...row.data },
  created_at: toTimestamp(row.createdAt),
});

const list = route(
  {
    operationId: 'listDashboardEvents',
    method: 'GET',
    path: '/dashboard/api/events',
    summary: 'List what happened in an environment',
    auth: operator('events:read'),
    query: z.object({
      ...pageQuery,
      user_id: z.string().optional().describe('Only what happened to this user.'),
      organization_id: z.string().optional().describe('Only what happened to this organization.'),
    }),
    returns: { status: 200, body: listOf(Event) },
    errors: [],
    internal: true,
  },
  async ({ tenant, query }, { db }) => {
    const whose = { userId: query.user_id, organizationId: query.organization_id };
    await placeEvents({ db });
    const page = await pageBy(
      byPosition,
      query,
      (id) => findEvent(db, tenant, id),
      (where, order, limit) => selectEvents(db, tenant, whose, where, order, limit),
    );
    return toList(page, toWire);
  },
);

const signIns: readonly EventName[] = ['sign_in.completed'];
const signUps: readonly EventName[] = ['user.created'];
const failures: readonly EventName[] = [
  'authentication.password_failed',
  'authentication.passkey_failed',
  'authentication.email_verification_failed',
  'authentication.mfa_failed',
];

const overview = route(
  {
    operationId: 'getOverview',
    method: 'GET',
    path: '/dashboard/api/overview',
    summary: 'Count the last 24 hours',
    auth: operator('events:read'),
    returns: {
      status: 200,
      body: z.object({
        sign_ins_24h: z.number().int(),
        sign_ups_24h: z.number().int(),
        failures_24h: z.number().int(),
      }),
    },
    errors: [],
    internal: true,
  },
  async ({ tenant }, { db, now }) => {
    const since = after(now(), -days(1));
    return {
      sign_ins_24h: await countEvents(db, tenant, signIns, since),
      // Accounts that a server or an administrator made are not sign-ups.
      sign_ups_24h: await countEventsByPeople(db, tenant, signUps, since),
      failures_24h: await countEvents(db, tenant, failures, since),
    };
  },
);

export const eventRoutes: readonly Route[] = [list, overview];
