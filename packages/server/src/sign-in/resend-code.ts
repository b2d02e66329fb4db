import { type Services, seconds } from '../core/index.ts';
import { learn, mailCode } from './advance.ts';
import type { OpenAttempt } from './browser.ts';

/** Between two mails to one address from one page. */
const resendAfterMs = seconds(30);

/** @returns seconds until another code may be asked for */
export function waitOf({ now }: Pick<Services, 'now'>, { attempt }: OpenAttempt): number {
  if (!attempt.codeSentAt) return 0;
  return Math.max(0, Math.ceil((attempt.codeSentAt.getTime() + resendAfterMs - now().getTime()) / 1000));
}

/** @throws {TooManyRequests} when the address has had too many */
export async function resendCode(services: Services, open: OpenAttempt): Promise<OpenAttempt> {
  // A decoy's new code has new tries, like any other.
  const fresh =
    open.attempt.signUp?.kind === 'decoy'
      ? await learn(services.db, open, { signUp: { kind: 'decoy', tries: 0 } })
      : open;
  return mailCode(services, fresh ?? open);
}
