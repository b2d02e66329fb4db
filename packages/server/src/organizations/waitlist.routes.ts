import { z } from 'zod';
import { apiKey, EntityNotFound, listOf, pageQuery, type Route, reply, route, toList } from '../core/index.ts';
import { WaitlistEntryNotPending } from './errors.ts';
import {
  CreateWaitlistEntry,
  toWaitlistWire,
  Waitlist,
  WaitlistUser,
  waitlistOf,
  waitlistStates,
} from './waitlist.schema.ts';
import {
  addToWaitlist,
  approveEntry,
  assertWaitlist,
  deleteEntry,
  denyEntry,
  listWaitlist,
  pageOfWaitlists,
} from './waitlist.ts';

const ofList = z.object({ id: z.string().describe('Of the waitlist, or `default`: each environment has one.') });
const byId = z.object({ id: z.string().describe('`wl_user_…`') });

const listAll = route(
  {
    operationId: 'listWaitlists',
    method: 'GET',
    path: '/user_management/waitlists',
    summary: 'List the waitlists',
    description: 'Each environment has one.',
    auth: apiKey('waitlist:read'),
    query: z.object(pageQuery),
    returns: { status: 200, body: listOf(Waitlist) },
    errors: [],
  },
  async ({ tenant, query }) => toList(await pageOfWaitlists(tenant, query), () => waitlistOf(tenant.environmentId)),
);

const get = route(
  {
    operationId: 'getWaitlist',
    method: 'GET',
    path: '/user_management/waitlists/{id}',
    summary: 'Get a waitlist',
    auth: apiKey('waitlist:read'),
    params: ofList,
    returns: { status: 200, body: Waitlist },
    errors: [EntityNotFound],
  },
  async ({ tenant, params }) => {
    assertWaitlist(tenant, params.id);
    return waitlistOf(tenant.environmentId);
  },
);

const list = route(
  {
    operationId: 'listWaitlistEntries',
    method: 'GET',
    path: '/user_management/waitlists/{id}/entries',
    summary: 'List who waits to be let in',
    auth: apiKey('waitlist:read'),
    params: ofList,
    query: z.object({
      ...pageQuery,
      email: z.string().optional().describe('Only this address, whatever its case.'),
      state: z.enum(waitlistStates).optional(),
    }),
    returns: { status: 200, body: listOf(WaitlistUser) },
    errors: [EntityNotFound],
  },
  async ({ tenant, params, query }, { db }) => {
    assertWaitlist(tenant, params.id);
    return toList(await listWaitlist(db, tenant, query, query), toWaitlistWire);
  },
);

const create = route(
  {
    operationId: 'createWaitlistEntry',
    method: 'POST',
    path: '/user_management/waitlists/{id}/entries',
    summary: 'Put an address on the waitlist',
    description: 'One that is on it already is answered as it is.',
    auth: apiKey('waitlist:write'),
    params: ofList,
    body: CreateWaitlistEntry,
    returns: { status: 201, body: WaitlistUser },
    errors: [EntityNotFound],
  },
  async ({ tenant, params, body }, services) => {
    assertWaitlist(tenant, params.id);
    return toWaitlistWire(
      await addToWaitlist(services, tenant, {
        email: body.email,
        fields: body.additional_fields ?? {},
        isConfirmed: body.send_confirmation_email ?? false,
      }),
    );
  },
);

const approve = route(
  {
    operationId: 'approveWaitlistEntry',
    method: 'POST',
    path: '/user_management/waitlist_entries/{id}/approve',
    summary: 'Let somebody in from the waitlist',
    description: 'A mail invites them to sign up.',
    auth: apiKey('waitlist:write'),
    params: byId,
    returns: { status: 200, body: WaitlistUser },
    errors: [EntityNotFound, WaitlistEntryNotPending],
  },
  async ({ tenant, params }, services) => toWaitlistWire(await approveEntry(services, tenant, params.id)),
);

const deny = route(
  {
    operationId: 'denyWaitlistEntry',
    method: 'POST',
    path: '/user_management/waitlist_entries/{id}/deny',
    summary: 'Turn somebody on the waitlist down',
    description: 'They are not told.',
    auth: apiKey('waitlist:write'),
    params: byId,
    returns: { status: 200, body: WaitlistUser },
    errors: [EntityNotFound, WaitlistEntryNotPending],
  },
  async ({ tenant, params }, services) => toWaitlistWire(await denyEntry(services, tenant, params.id)),
);

const remove = route(
  {
    operationId: 'deleteWaitlistEntry',
    method: 'DELETE',
    path: '/user_management/waitlist_entries/{id}',
    summary: 'Take somebody off the waitlist',
    description: 'The address can be put on it again. An invitation that was sent stays in force.',
    auth: apiKey('waitlist:write'),
    params: byId,
    returns: { status: 204 },
    errors: [EntityNotFound],
  },
  async ({ tenant, params }, services) => {
    await deleteEntry(services, tenant, params.id);
    return reply.empty({ status: 204 });
  },
);

export const waitlistRoutes: readonly Route[] = [listAll, get, list, create, approve, deny, remove];
