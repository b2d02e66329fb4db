import { z } from 'zod';
import {
  listOf,
  operator,
  pageOf,
  pageQuery,
  type Route,
  reply,
  route,
  timestamp,
  toList,
  toTimestamp,
} from '../core/index.ts';
import { type FailureRow, findFailure, selectFailures } from './failures.store.ts';
import { retryFailed } from './failures.ts';
import { sendProblems } from './refusals.ts';

const path = '/dashboard/api/mail_failures';

const MailFailure = z
  .object({
    object: z.literal('mail_failure'),
    id: z.string().describe('Of the mail.'),
    email: z.string(),
    template: z.string().describe('Which mail it is.'),
    reason: z.enum(sendProblems),
    message: z.string().describe('What the mail server said, and what to do about it.'),
    tries: z.number().int(),
    state: z.enum(['retrying', 'given_up']),
    created_at: timestamp,
    tried_at: timestamp,
  })
  .meta({ id: 'MailFailure' });

const toWire = (row: FailureRow): z.input<typeof MailFailure> => ({
  object: 'mail_failure',
  id: row.id,
  email: row.recipient,
  template: row.template,
  reason: row.reason,
  message: row.message,
  tries: row.tries,
  state: row.isGivenUp ? 'given_up' : 'retrying',
  created_at: toTimestamp(row.createdAt),
  tried_at: toTimestamp(row.triedAt),
});

const list = route(
  {
    operationId: 'listMailFailures',
    method: 'GET',
    path,
    summary: 'List the mails that could not be handed over so far, and why',
    auth: operator('users:read'),
    query: z.object(pageQuery),
    returns: { status: 200, body: listOf(MailFailure) },
    errors: [],
    internal: true,
  },
  async ({ tenant, query }, { db }) =>
    toList(
      await pageOf(
        query,
        (id) => findFailure(db, tenant, id),
        (where, order, limit) => selectFailures(db, tenant, where, order, limit),
      ),
      toWire,
    ),
);

const retry = route(
  {
    operationId: 'retryMailFailures',
    method: 'POST',
    path: `${path}/retry`,
    summary: 'Try all of them again now',
    auth: operator('environment:write'),
    returns: { status: 202 },
    errors: [],
    internal: true,
  },
  async ({ tenant }, services) => {
    await services.db.transaction((tx) => retryFailed(services, tx, tenant));
    return reply.empty({ status: 202 });
  },
);

export const failureRoutes: readonly Route[] = [list, retry];
