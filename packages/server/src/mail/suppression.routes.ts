import { z } from 'zod';
import {
  EntityNotFound,
  listOf,
  operator,
  pageOf,
  pageQuery,
  type Route,
  reply,
  route,
  toList,
} from '../core/index.ts';
import { SuppressedAddress, SuppressionInput, toSuppressionWire } from './suppression.schema.ts';
import { findSuppression, selectSuppressions } from './suppression.store.ts';
import { allowAgain, suppress } from './suppression.ts';

const path = '/dashboard/api/suppressed_addresses';

const list = route(
  {
    operationId: 'listSuppressedAddresses',
    method: 'GET',
    path,
    summary: 'List the addresses to which nothing is sent',
    auth: operator('users:read'),
    query: z.object({ ...pageQuery, search: z.string().max(254).default('').describe('A part of the address.') }),
    returns: { status: 200, body: listOf(SuppressedAddress) },
    errors: [],
    internal: true,
  },
  async ({ tenant, query }, { db }) =>
    toList(
      await pageOf(
        query,
        (id) => findSuppression(db, tenant, id),
        (where, order, limit) => selectSuppressions(db, tenant, query.search.trim().toLowerCase(), where, order, limit),
      ),
      toSuppressionWire,
    ),
);

const add = route(
  {
    operationId: 'suppressAddress',
    method: 'POST',
    path,
    summary: 'Send nothing more to an address',
    description: 'An address that is on the list already stays there as it is.',
    auth: operator('users:write'),
    body: SuppressionInput,
    returns: { status: 201, body: SuppressedAddress },
    errors: [],
    internal: true,
  },
  async ({ tenant, body }, services) =>
    toSuppressionWire(
      await suppress(services, tenant, body.email, { reason: 'operator', detail: body.note?.trim() || null }),
    ),
);

const remove = route(
  {
    operationId: 'allowSuppressedAddress',
    method: 'DELETE',
    path: `${path}/{id}`,
    summary: 'Let mail go to an address again',
    auth: operator('users:write'),
    params: z.object({ id: z.string().max(64) }),
    returns: { status: 204 },
    errors: [EntityNotFound],
    internal: true,
  },
  async ({ tenant, params }, services) => {
    await allowAgain(services, tenant, params.id);
    return reply.empty({ status: 204 });
  },
);

export const suppressionRoutes: readonly Route[] = [list, add, remove];
