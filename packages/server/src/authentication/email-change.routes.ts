import { z } from 'zod';
import { apiKey, EntityNotFound, type Route, route, toTimestamp } from '../core/index.ts';
import { getUser, toWire } from '../users/index.ts';
import { emailChangeRefusal, orTaken, redeemEmailChange, sendEmailChange } from './email-change.ts';
import {
  DailyQuotaExceeded,
  EmailChangeCodeExpired,
  EmailChangeCodeIncorrect,
  EmailChangeCodePreviouslyUsed,
  EmailChangeNotNeeded,
  EmailChangeTooManyAttempts,
  NewEmailInvalid,
  NewEmailNotAvailable,
  NoPendingEmailChange,
} from './errors.ts';
import { assertMayTryCode } from './may-try-code.ts';
import { EmailChange, EmailChangeConfirmation } from './schema.ts';

const userId = z.object({ id: z.string().describe('The id of the user.') });

const send = route(
  {
    operationId: 'sendEmailChange',
    method: 'POST',
    path: '/user_management/users/{id}/email_change/send',
    summary: 'Mail a code to the address a user wants to have',
    description: 'Six digits, for 10 minutes and 5 tries. Nothing changes until the code comes back.',
    auth: apiKey('users:write'),
    params: userId,
    body: z.object({ new_email: z.string() }),
    returns: { status: 200, body: EmailChange },
    errors: [EntityNotFound, EmailChangeNotNeeded, NewEmailNotAvailable, NewEmailInvalid, DailyQuotaExceeded],
  },
  async ({ tenant, params, body }, services) => {
    const user = await getUser(services.db, tenant, params.id);
    const row = await sendEmailChange(services, tenant, user, body.new_email);
    return {
      object: 'email_change' as const,
      user: toWire(user),
      new_email: row.email,
      expires_at: toTimestamp(row.expiresAt),
      created_at: toTimestamp(row.createdAt),
    };
  },
);

const confirm = route(
  {
    operationId: 'confirmEmailChange',
    method: 'POST',
    path: '/user_management/users/{id}/email_change/confirm',
    summary: 'Change a user’s address with the code from the new inbox',
    description: 'Both addresses are told, and every session of the user ends.',
    auth: apiKey('users:write'),
    params: userId,
    body: z.object({ code: z.string().min(1).max(64).describe('The six digits from the mail.') }),
    returns: { status: 200, body: EmailChangeConfirmation },
    errors: [
      EntityNotFound,
      NoPendingEmailChange,
      NewEmailNotAvailable,
      EmailChangeCodeExpired,
      EmailChangeCodeIncorrect,
      EmailChangeCodePreviouslyUsed,
      EmailChangeTooManyAttempts,
    ],
  },
  async ({ tenant, params, body }, services) => {
    const { id } = await getUser(services.db, tenant, params.id);
    await assertMayTryCode(services, tenant, { id }, { purpose: 'email_change' });
    const change = await orTaken(
      services.db.transaction((tx) => redeemEmailChange(services, tenant, tx, id, body.code)),
    );
    if (change.outcome !== 'changed') throw emailChangeRefusal(change);
    return { object: 'email_change_confirmation' as const, user: toWire(change.user) };
  },
);

export const emailChangeRoutes: readonly Route[] = [send, confirm];
