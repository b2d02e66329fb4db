import { z } from 'zod';
import { apiKey, EntityNotFound, type Route, route, Secret } from '../core/index.ts';
import { toWire, User } from '../users/index.ts';
import { DailyQuotaExceeded, EmailPasswordAuthDisabled, PasswordResetError } from './errors.ts';
import { parseEmail } from './magic-auth.routes.ts';
import { findReset } from './password-reset.store.ts';
import { createReset, openToken, refuseReset, resetPassword, resetUrl, type SentReset } from './password-reset.ts';
import { PasswordReset, resetEventData } from './schema.ts';

const toResetWire = ({ row, token, url }: SentReset): z.input<typeof PasswordReset> => ({
  ...resetEventData(row),
  password_reset_token: token.reveal(),
  password_reset_url: url,
});

const create = route(
  {
    operationId: 'createPasswordReset',
    method: 'POST',
    path: '/user_management/password_reset',
    summary: 'Mail a link that sets a new password',
    description:
      'It works once, for an hour, and links sent before stop working. The password goes on working until then.',
    auth: apiKey('users:write'),
    body: z.object({ email: z.string() }),
    returns: { status: 201, body: PasswordReset },
    errors: [EntityNotFound, EmailPasswordAuthDisabled, DailyQuotaExceeded],
  },
  async ({ tenant, body }, services) => {
    return toResetWire(await createReset(services, tenant, parseEmail(body.email)));
  },
);

const get = route(
  {
    operationId: 'getPasswordReset',
    method: 'GET',
    path: '/user_management/password_reset/{id}',
    summary: 'Get a link that sets a new password',
    description: 'For applications that mail the link in their own words. It is there until a newer one replaces it.',
    auth: apiKey('password_reset:read'),
    params: z.object({ id: z.string().describe('`password_reset_…`') }),
    returns: { status: 200, body: PasswordReset },
    errors: [EntityNotFound],
  },
  async ({ tenant, params }, services) => {
    const row = await findReset(services.db, tenant, params.id);
    if (!row) throw new EntityNotFound('Password reset', params.id);
    const token = openToken(services, row);
    return toResetWire({ row, token, url: await resetUrl(services, tenant, token) });
  },
);

const confirm = route(
  {
    operationId: 'confirmPasswordReset',
    method: 'POST',
    path: '/user_management/password_reset/confirm',
    summary: 'Set a new password with the mailed link',
    description:
      'Verifies the address and ends every session of the user. Second factors stay, unless nobody had verified it before.',
    auth: apiKey('users:write'),
    body: z.object({ token: z.string().min(1).max(256), new_password: z.string() }),
    returns: { status: 200, body: z.object({ user: User }) },
    errors: [EntityNotFound, PasswordResetError, EmailPasswordAuthDisabled],
  },
  async ({ tenant, body }, services) => {
    const token = new Secret(body.token);
    const change = await resetPassword(services, tenant, token, body.new_password);
    if (change.outcome === 'changed') return { user: toWire(change.user) };
    if (change.outcome === 'refused') throw new PasswordResetError(change.findings);
    return refuseReset(change.outcome, token);
  },
);

export const passwordResetRoutes: readonly Route[] = [create, get, confirm];
