import { z } from 'zod';
import { EntityNotFound, operator, type Route, route } from '../core/index.ts';
import type { ConnectionRow } from './connection.ts';
import { getConnection } from './connections.ts';
import { SignOnUnavailable } from './errors.ts';
import { ProviderUnreachable, type SignOnResult } from './exchange.ts';
import { rolesOfGroups } from './group-roles.ts';
import { beginTryOut, takeTryOut } from './try-out.ts';

const byId = z.object({ id: z.string().describe('`conn_…`') });

const SignOnTest = z
  .object({
    object: z.literal('sign_on_test'),
    outcome: z.enum(['identified', 'refused', 'failed']),
    reason: z.string().nullable().describe('Why it failed, for whoever sets the connection up.'),
    profile: z
      .object({
        idp_id: z.string(),
        email: z.string().nullable(),
        first_name: z.string().nullable(),
        last_name: z.string().nullable(),
        name: z.string().nullable(),
        groups: z.array(z.string()),
        roles: z
          .array(z.string())
          .nullable()
          .describe('What the groups would make them; null: roles are given by hand.'),
        raw_attributes: z.record(z.string(), z.unknown()).describe('What the provider said, under its own names.'),
      })
      .nullable()
      .describe('Who would have been signed in.'),
  })
  .meta({ id: 'SignOnTest' });

const begin = route(
  {
    operationId: 'beginSignOnTest',
    method: 'POST',
    path: '/dashboard/api/connections/{id}/test',
    summary: 'Begin a sign-on that signs nobody in',
    description: 'A browser follows `url` and comes back to the dashboard, which reads what came of it once.',
    auth: operator('organizations:write'),
    params: byId,
    returns: { status: 201, body: z.object({ url: z.string() }) },
    errors: [EntityNotFound, SignOnUnavailable],
    internal: true,
  },
  async ({ tenant, params }, services) => {
    const { connection } = await getConnection(services.db, tenant, params.id);
    try {
      return { url: (await beginTryOut(services, tenant, connection)).href };
    } catch (error) {
      if (error instanceof ProviderUnreachable) throw new SignOnUnavailable(error.message);
      throw error;
    }
  },
);

const read = route(
  {
    operationId: 'takeSignOnTest',
    method: 'POST',
    path: '/dashboard/api/connections/{id}/test_result',
    summary: 'Read what came of a sign-on that was tried out, once',
    auth: operator('organizations:write'),
    params: byId,
    body: z.object({ ticket: z.string().max(128).describe('As it stood in the address.') }),
    returns: { status: 200, body: SignOnTest },
    errors: [EntityNotFound],
    internal: true,
  },
  async ({ tenant, params, body }, services) => {
    const { connection } = await getConnection(services.db, tenant, params.id);
    const result = await takeTryOut(services, tenant, connection, body.ticket);
    if (!result) throw new EntityNotFound('SignOnTest', params.id);
    return toTest(connection, result);
  },
);

function toTest(connection: ConnectionRow, result: SignOnResult): z.input<typeof SignOnTest> {
  const reason = result.outcome === 'failed' ? result.reason : null;
  return { object: 'sign_on_test', outcome: result.outcome, reason, profile: profileOf(connection, result) };
}

function profileOf(connection: ConnectionRow, result: SignOnResult): z.input<typeof SignOnTest>['profile'] {
  if (result.outcome !== 'identified') return null;
  const { subject, email, firstName, lastName, name, groups, attributes } = result.assertion;
  return {
    idp_id: subject,
    email,
    first_name: firstName,
    last_name: lastName,
    name,
    groups: [...groups],
    roles: rolesOfGroups(connection, groups)?.slice() ?? null,
    raw_attributes: { ...attributes },
  };
}

export const testRoutes: readonly Route[] = [begin, read];
