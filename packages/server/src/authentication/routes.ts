import { z } from 'zod';
import { apiKey, EntityNotFound, type Route, route } from '../core/index.ts';
import { getUser, toWire, User } from '../users/index.ts';
import { confirmEmail, refusalOf } from './confirm-email.ts';
import {
  DailyQuotaExceeded,
  EmailAlreadyVerified,
  EmailPreviouslyVerified,
  EmailVerificationCodeExpired,
  EmailVerificationCodeIncorrect,
  EmailVerificationCodePreviouslyUsed,
} from './errors.ts';
import { assertMaySend, sendVerificationCode } from './send-code.ts';

const userId = z.object({ id: z.string().describe('The id of the user.') });
const userBody = z.object({ user: User });

const send = route(
  {
    operationId: 'sendVerificationEmail',
    method: 'POST',
    path: '/user_management/users/{id}/email_verification/send',
    summary: 'Mail a code that verifies a user’s address',
    description: 'Six digits, for 10 minutes and 5 tries. Codes sent before stop working.',
    auth: apiKey('users:write'),
    params: userId,
    returns: { status: 200, body: userBody },
    errors: [EntityNotFound, EmailAlreadyVerified, DailyQuotaExceeded],
  },
  async ({ tenant, params }, services) => {
    const user = await getUser(services.db, tenant, params.id);
    if (user.isEmailVerified) throw new EmailAlreadyVerified();
    await assertMaySend(services, tenant, user.email);
    await services.db.transaction((tx) => sendVerificationCode(services, tenant, tx, user));
    return { user: toWire(user) };
  },
);

const confirm = route(
  {
    operationId: 'confirmEmailVerification',
    method: 'POST',
    path: '/user_management/users/{id}/email_verification/confirm',
    summary: 'Verify a user’s address with the mailed code',
    auth: apiKey('users:write'),
    params: userId,
    body: z.object({ code: z.string().min(1).max(64).describe('The six digits from the mail.') }),
    returns: { status: 200, body: userBody },
    errors: [
      EntityNotFound,
      EmailPreviouslyVerified,
      EmailVerificationCodePreviouslyUsed,
      EmailVerificationCodeExpired,
      EmailVerificationCodeIncorrect,
    ],
  },
  async ({ tenant, params, body }, services) => {
    const user = await getUser(services.db, tenant, params.id);
    if (user.isEmailVerified) throw new EmailPreviouslyVerified();
    const confirmation = await services.db.transaction((tx) =>
      confirmEmail(services, tenant, tx, { user, code: body.code, ipAddress: null, userAgent: null }),
    );
    if (confirmation.outcome !== 'verified') throw refusalOf(confirmation);
    return { user: toWire(confirmation.user) };
  },
);

export const authenticationRoutes: readonly Route[] = [send, confirm];
