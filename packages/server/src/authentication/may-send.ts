import {
  countAgainst,
  days,
  hours,
  type Limit,
  minutes,
  type Services,
  type Tenant,
  TooManyRequests,
} from '../core/index.ts';
import { getEnvironment, limitFactor } from '../environments/index.ts';
import { DailyQuotaExceeded } from './errors.ts';

/** Per address, whoever asks and whether it has an account: nobody's inbox is flooded through us. */
const perMinute: Limit = { name: 'code-mail-minute', max: 3, windowMs: minutes(1) };
const perHour: Limit = { name: 'code-mail-hour', max: 10, windowMs: hours(1) };
const perDay: Limit = { name: 'code-mail-day', max: 30, windowMs: days(1) };

/**
 * Counts one more mail to this address. Call it before the transaction that sends, and also where a mail without a
 * code goes out in its place: the limit must not tell the two apart.
 *
 * It is a limit on requests, so staging relaxes it unless its settings ask for the limits of production. How often a code
 * may be tried is the same everywhere.
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
