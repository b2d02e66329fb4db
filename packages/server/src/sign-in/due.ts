import { type KnownAccount, nextStep, type Step } from '../attempts/index.ts';
import type { Services } from '../core/index.ts';
import type { OpenAttempt } from './browser.ts';
import { accountAtPages } from './offer-passkey.ts';

/** The step that is due, with the account it is about; null while there is none. */
export async function accountAtStep(
  services: Services,
  open: OpenAttempt,
): Promise<{ readonly step: Step; readonly account: KnownAccount } | null> {
  const account = await accountAtPages(services, open);
  return account && { step: nextStep(open.attempt, account, open.client.environment.settings), account };
}
