import {
  after,
  countAgainst,
  type Db,
  days,
  hours,
  type Limit,
  minutes,
  newCode,
  newId,
  type Services,
  type Tenant,
  TooManyRequests,
} from '../core/index.ts';
import { getEnvironment, limitFactor } from '../environments/index.ts';
import { recordEvent } from '../events/index.ts';
import { queueMail } from '../mail/index.ts';
import { DailyQuotaExceeded } from './errors.ts';
import { macOf } from './redeem-code.ts';
import { type EmailVerificationRow, toEventData, verificationCodeMs } from './schema.ts';
import { replaceVerification } from './store.ts';

/** Per address, whoever asks and whether it has an account: nobody's inbox is flooded through us. */
const perMinute: Limit = { name: 'code-mail-minute', max: 3, windowMs: minutes(1) };
const perHour: Limit = { name: 'code-mail-hour', max: 10, windowMs: hours(1) };
const perDay: Limit = { name: 'code-mail-day', max: 30, windowMs: days(1) };

/**
 * Counts one more mail to this address. Call it before the transaction that sends, and also where a mail without a
 * code goes out in its place: the limit must not tell the two apart.
 *
 * @throws {TooManyRequests} beyond 3 in a minute or 10 in an hour
 * @throws {DailyQuotaExceeded} beyond 30 in a day
 */
export async function assertMaySend(
  services: Pick<Services, 'db' | 'now' | 'vault' | 'config'>,
  tenant: Tenant,
  email: string,
): Promise<void> {
  const factor = limitFactor(services, await getEnvironment(services, tenant.environmentId));
  const key = `${tenant.environmentId}\n${email.toLowerCase()}`;
  // The shortest first: what it refuses is not sent, and must not use up the day.
  await countAgainst(services, perMinute, key, factor);
  await countAgainst(services, perHour, key, factor);
  await countAgainst(services, perDay, key, factor).catch((error: unknown) => {
    throw error instanceof TooManyRequests ? new DailyQuotaExceeded(error.retryAfterSeconds) : error;
  });
}

/**
 * Mails a new code to the user's address; codes sent before stop working. The caller has passed `assertMaySend`.
 *
 * @param user.locale - of the page that asks; the user's own where there is none
 * @returns the verification's public id, and when the code stops working
 */
export async function sendVerificationCode(
  services: Services,
  tenant: Tenant,
  tx: Db,
  user: { readonly id: string; readonly email: string; readonly locale: string | null },
): Promise<{ id: string; expiresAt: Date }> {
  const at = services.now();
  const id = newId('emailVerification', at);
  const code = newCode();
  const expiresAt = after(at, verificationCodeMs);
  const macKeyId = services.vault.primaryKeyId;
  const row: EmailVerificationRow = {
    id,
    environmentId: tenant.environmentId,
    userId: user.id,
    email: user.email,
    codeMac: macOf(
      services.vault,
      { id, environmentId: tenant.environmentId, userId: user.id, macKeyId },
      code.reveal(),
    ),
    macKeyId,
    tries: 0,
    expiresAt,
    redeemedAt: null,
    createdAt: at,
    updatedAt: at,
  };
  await replaceVerification(tx, tenant, row);
  await queueMail(services, tx, tenant, {
    to: user.email,
    locale: user.locale,
    notAfter: expiresAt,
    template: 'verify_email',
    data: { code: code.reveal(), expiresInMinutes: verificationCodeMs / minutes(1) },
  });
  await recordEvent(services, tx, tenant, {
    name: 'email_verification.created',
    userId: user.id,
    data: toEventData(row),
  });
  return { id, expiresAt };
}
