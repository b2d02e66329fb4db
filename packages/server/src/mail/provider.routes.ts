import { z } from 'zod';
import {
  countAgainst,
  EntityNotFound,
  type Limit,
  minutes,
  operator,
  type Route,
  reply,
  route,
  type Services,
  type Tenant,
  TooManyRequests,
} from '../core/index.ts';
import { oneAddress } from './one-address.ts';
import { MailProviderWire, ProviderInput, toProviderWire } from './provider.schema.ts';
import { findProvider } from './provider.store.ts';
import { deleteProvider, saveProvider } from './provider.ts';
import { sendProblems } from './refusals.ts';
import { sendTestMessage } from './test-message.ts';

const path = '/dashboard/api/mail_provider';

/** A test message goes to any address, so nobody's inbox is flooded by a button. */
const tests: Limit = { name: 'test-mail', max: 10, windowMs: minutes(1) };

const shown = async (services: Services, tenant: Tenant) =>
  toProviderWire(await findProvider(services.db, tenant), services.config.mode === 'dev');

const read = route(
  {
    operationId: 'getDashboardMailProvider',
    method: 'GET',
    path,
    summary: 'Get through whose mail server the environment sends',
    auth: operator('environment:read'),
    returns: { status: 200, body: MailProviderWire },
    errors: [],
    internal: true,
  },
  ({ tenant }, services) => shown(services, tenant),
);

const save = route(
  {
    operationId: 'saveDashboardMailProvider',
    method: 'PUT',
    path,
    summary: 'Send by a mail server of one’s own',
    description: 'Mails that could not leave so far are tried again.',
    auth: operator('environment:write'),
    // Whoever chooses the mail server reads every code and link that goes out.
    needsFreshOperator: true,
    body: ProviderInput,
    returns: { status: 200, body: MailProviderWire },
    errors: [],
    internal: true,
  },
  async ({ tenant, body }, services) => {
    await saveProvider(services, tenant, body);
    return shown(services, tenant);
  },
);

const remove = route(
  {
    operationId: 'deleteDashboardMailProvider',
    method: 'DELETE',
    path,
    summary: 'Forget the mail server of one’s own',
    auth: operator('environment:write'),
    needsFreshOperator: true,
    returns: { status: 204 },
    errors: [EntityNotFound],
    internal: true,
  },
  async ({ tenant }, services) => {
    if (!(await deleteProvider(services, tenant))) throw new EntityNotFound('Mail provider', tenant.environmentId);
    return reply.empty({ status: 204 });
  },
);

const test = route(
  {
    operationId: 'sendTestMessage',
    method: 'POST',
    path: `${path}/test`,
    summary: 'Send a test message and tell what the mail server said',
    auth: operator('environment:write'),
    body: z.object({ to: z.string().trim().max(254).regex(oneAddress, 'must be one e-mail address.') }),
    returns: {
      status: 200,
      body: z.object({
        object: z.literal('test_message'),
        outcome: z.enum(['accepted', 'refused']),
        problem: z.enum([...sendProblems, 'suppressed']).nullable(),
        message: z.string().describe('What the mail server said; what to do about it, when it refused.'),
      }),
    },
    errors: [EntityNotFound, TooManyRequests],
    internal: true,
  },
  async ({ tenant, body }, services) => {
    await countAgainst(services, tests, tenant.environmentId);
    const result = await sendTestMessage(services, tenant, body.to);
    const problem = result.outcome === 'refused' ? result.problem : null;
    return { object: 'test_message' as const, outcome: result.outcome, problem, message: result.message };
  },
);

export const providerRoutes: readonly Route[] = [read, save, remove, test];
