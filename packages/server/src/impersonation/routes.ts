import { z } from 'zod';
import { EntityNotFound, operator, type Route, reply, route, timestamp, toTimestamp } from '../core/index.ts';
import { beginImpersonation, impersonationCookie } from './begin.ts';
import { ImpersonationOff, NowhereToBegin } from './errors.ts';

const maxReasonLength = 500;

const begin = route(
  {
    operationId: 'impersonateUser',
    method: 'POST',
    path: '/dashboard/api/users/{id}/impersonation',
    summary: 'Let this operator sign in as a user, once',
    description:
      'Open `url` in the same browser: the app starts a sign-in, and our page asks for a last confirmation. The session ends after 60 minutes.',
    auth: operator('impersonation:write'),
    needsFreshOperator: true,
    params: z.object({ id: z.string() }),
    body: z.object({
      reason: z
        .string()
        .trim()
        .min(1)
        .max(maxReasonLength)
        .regex(/^\P{Cc}*$/u, 'Leave out control characters.')
        .describe('Kept in the trail, and shown in the app beside the operator’s address.'),
    }),
    returns: {
      status: 201,
      body: z
        .object({
          url: z.string().describe('The app’s sign-in endpoint.'),
          expires_at: timestamp.describe('Until when it can be begun.'),
        })
        .meta({ id: 'Impersonation' }),
    },
    errors: [EntityNotFound, ImpersonationOff, NowhereToBegin],
    internal: true,
  },
  async ({ tenant, params, body }, services) => {
    const begun = await beginImpersonation(services, tenant, params.id, body.reason);
    const { token, impersonation, signInEndpoint } = begun;
    return reply.json(
      { url: signInEndpoint, expires_at: toTimestamp(impersonation.expiresAt) },
      { status: 201, cookies: [impersonationCookie(tenant, token)] },
    );
  },
);

export const impersonationRoutes: readonly Route[] = [begin];
