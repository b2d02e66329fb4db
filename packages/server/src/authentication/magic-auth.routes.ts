import { z } from 'zod';
import { apiKey, EntityNotFound, InvalidRequestParameters, type Route, route } from '../core/index.ts';
import { InvitationInvalid } from '../organizations/index.ts';
import { InvalidEmail, normalizeEmail } from '../users/index.ts';
import { AuthenticationMethodNotAllowed, DailyQuotaExceeded, SignUpNotAllowed } from './errors.ts';
import { createMagicAuth } from './magic-auth.ts';
import { openCode } from './one-time-code.ts';
import { MagicAuth, toEventData } from './schema.ts';
import { findSentCode } from './store.ts';

/** @throws {InvalidRequestParameters} */
export function parseEmail(email: string): string {
  const normalized = normalizeEmail(email);
  if (normalized !== null) return normalized;
  throw new InvalidRequestParameters([{ code: 'email_invalid', message: new InvalidEmail().message, field: 'email' }]);
}

const create = route(
  {
    operationId: 'createMagicAuth',
    method: 'POST',
    path: '/user_management/magic_auth',
    summary: 'Mail a code that signs a person in',
    description:
      'Six digits, for 10 minutes and 5 tries. Codes sent before go on working. An address nobody has gets an account, unverified until the code comes back.',
    auth: apiKey('users:write'),
    body: z.object({
      email: z.string(),
      invitation_token: z.string().nullish(),
      ip_address: z.string().nullish(),
      user_agent: z.string().nullish(),
      radar_auth_attempt_id: z.string().nullish(),
      signals_id: z.string().nullish(),
    }),
    returns: { status: 201, body: MagicAuth },
    errors: [AuthenticationMethodNotAllowed, InvitationInvalid, SignUpNotAllowed, DailyQuotaExceeded],
  },
  async ({ tenant, body }, services) => {
    const { row, code } = await createMagicAuth(
      services,
      tenant,
      parseEmail(body.email),
      body.invitation_token || null,
    );
    return { ...toEventData(row), code };
  },
);

const get = route(
  {
    operationId: 'getMagicAuth',
    method: 'GET',
    path: '/user_management/magic_auth/{id}',
    summary: 'Get a code that signs a person in',
    description: 'For applications that mail the code in their own words. A code is there until it was over for a day.',
    auth: apiKey('magic_auth:read'),
    params: z.object({ id: z.string().describe('`magic_auth_…`') }),
    returns: { status: 200, body: MagicAuth },
    errors: [EntityNotFound],
  },
  async ({ tenant, params }, services) => {
    const row = await findSentCode(services.db, tenant, 'magic_auth', params.id);
    if (!row) throw new EntityNotFound('Magic auth', params.id);
    return { ...toEventData(row), code: openCode(services, row) };
  },
);

export const magicAuthRoutes: readonly Route[] = [create, get];
