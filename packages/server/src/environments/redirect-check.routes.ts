import { z } from 'zod';
import { operator, route } from '../core/index.ts';
import { checkRedirect } from './redirect-check.ts';
import { RedirectCheckWire, toRedirectCheck } from './schema.ts';

const check = route(
  {
    operationId: 'checkRedirect',
    method: 'POST',
    path: '/dashboard/api/redirect_check',
    summary: 'Tell whether an address would be accepted, and why not',
    auth: operator('redirect_uris:read'),
    body: z.object({ url: z.string().max(4096), list: z.enum(['redirect_uris', 'sign_out_redirects']) }),
    returns: { status: 200, body: RedirectCheckWire },
    errors: [],
    internal: true,
  },
  async ({ tenant, body }, services) => toRedirectCheck(await checkRedirect(services, tenant, body.list, body.url)),
);

export const redirectCheckRoutes = [check];
