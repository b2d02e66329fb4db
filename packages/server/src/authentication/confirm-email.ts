import type { ApiError, Db, Services, Tenant } from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import { noteSuccess } from '../lockout/index.ts';
import { markEmailVerified, type UserRow } from '../users/index.ts';
import {
  EmailVerificationCodeExpired,
  EmailVerificationCodeIncorrect,
  EmailVerificationCodePreviouslyUsed,
} from './errors.ts';
import { redeemOneTimeCode } from './one-time-code.ts';
import type { Refusal } from './schema.ts';

interface Confirming {
  readonly user: Pick<UserRow, 'id' | 'email'>;
  readonly code: string;
  /** The sign-in it is presented in. */
  readonly attemptId?: string | null;
  /** Of the person's browser; null when the application speaks for them. */
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
}

export type Confirmation = { readonly outcome: 'verified'; readonly user: UserRow } | Refusal;

/**
 * Takes a code for an address and records how it went. Every way to present a code (API, hosted page, grant) comes
 * through here, after `assertMayTryCode`. The transaction must commit whatever the outcome: a
 * rolled back wrong try was free.
 */
export async function confirmEmail(
  services: Services,
  tenant: Tenant,
  tx: Db,
  { user, code, attemptId = null, ipAddress, userAgent }: Confirming,
): Promise<Confirmation> {
  const key = { purpose: 'email_verification', ownerId: user.id, attemptId } as const;
  const redemption = await redeemOneTimeCode(services, tenant, tx, key, code);
  const verified =
    redemption.outcome === 'verified' ? await markEmailVerified(services, tenant, tx, user.id, redemption.email) : null;
  const data = {
    type: 'email_verification',
    ip_address: ipAddress,
    user_agent: userAgent,
    user_id: user.id,
    email: user.email,
  };
  if (verified?.isEmailVerified) {
    await noteSuccess(services, tx, tenant, user.id, 'email_code');
    await recordEvent(services, tx, tenant, {
      name: 'authentication.email_verification_succeeded',
      userId: user.id,
      data: { ...data, status: 'succeeded' },
    });
    return { outcome: 'verified', user: verified };
  }
  // The right code, but the user moved to another address while it was on its way here: it proves nothing any more.
  const refusal: Refusal = redemption.outcome === 'verified' ? { outcome: 'expired' } : redemption;
  const error = refusalOf(refusal);
  await recordEvent(services, tx, tenant, {
    name: 'authentication.email_verification_failed',
    userId: user.id,
    data: { ...data, status: 'failed', error: { code: error.code, message: error.message } },
  });
  return refusal;
}

/** How the API names a refusal. */
export function refusalOf(refusal: Refusal): ApiError {
  switch (refusal.outcome) {
    case 'wrong':
      return new EmailVerificationCodeIncorrect(refusal.triesLeft);
    case 'exhausted':
      return new EmailVerificationCodeIncorrect(0);
    case 'expired':
      return new EmailVerificationCodeExpired();
    case 'used':
      return new EmailVerificationCodePreviouslyUsed();
  }
}
