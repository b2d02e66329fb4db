import { type Services, seconds } from '../core/index.ts';
import { mailCode } from './advance.ts';
import type { OpenAttempt } from './browser.ts';

/** Between two mails to one address from one page. */
const resendAfterMs = seconds(30);

/** @returns seconds until another code may be asked for */
export function waitOf({ now }: Pick<Services, 'now'>, { attempt }: OpenAttempt): number {
  if (!attempt.codeSentAt) return 0;
  return Math.max(0, Math.ceil((attempt.codeSentAt.getTime() + resendAfterMs - now().getTime()) / 1000));
}

/** @throws {TooManyRequests} when the address has had too many */
export const resendCode = (services: Services, open: OpenAttempt): Promise<OpenAttempt> => mailCode(services, open);
