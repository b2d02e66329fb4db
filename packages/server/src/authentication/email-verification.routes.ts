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
import { assertMaySend } from './may-send.ts';
import { assertMayTryCode } from './may-try-code.ts';
import { openCode } from './one-time-code.ts';
import { EmailVerification, toEventData } from './schema.ts';
import { sendVerificationCode } from './send-code.ts';
import { findSentCode } from './store.ts';

const userId = z.object({ id: z.string().describe('The id of the user.') });
const userBody = z.object({ user: User });

const send = route(
  {
    operationId: 'sendVerificationEmail',
    method: 'POST',
    path: '/user_management/users/{id}/email_verification/send',
    summary: 'Mail a code that verifies a user’s address',
    description: 'Six digits, for 10 minutes and 5 tries. Codes sent before go on working.',
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
    await assertMayTryCode(services, tenant, user, { purpose: 'email_verification' });
    const confirmation = await services.db.transaction((tx) =>
      confirmEmail(services, tenant, tx, { user, code: body.code, ipAddress: null, userAgent: null }),
    );
    if (confirmation.outcome !== 'verified') throw refusalOf(confirmation);
    return { user: toWire(confirmation.user) };
  },
);

const get = route(
  {
    operationId: 'getEmailVerification',
    method: 'GET',
    path: '/user_management/email_verification/{id}',
    summary: 'Get a code that verifies an address',
    description:
      'For applications that mail the code in their own words. A code is there until it was over for a day, or a newer one of the same sign-in replaced it.',
    // It shows the code, so a key that only reads users does not open it.
    auth: apiKey('email_verification:read'),
    params: z.object({ id: z.string().describe('`email_verification_…`, as the event or the step-up names it.') }),
    returns: { status: 200, body: EmailVerification },
    errors: [EntityNotFound],
  },
  async ({ tenant, params }, services) => {
    const row = await findSentCode(services.db, tenant, 'email_verification', params.id);
    if (!row) throw new EntityNotFound('Email verification', params.id);
    return { ...toEventData(row), code: openCode(services, row) };
  },
);

export const emailVerificationRoutes: readonly Route[] = [send, confirm, get];
