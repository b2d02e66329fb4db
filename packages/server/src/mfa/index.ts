/**
 * Second factors: codes of authenticator apps, and recovery codes for the day the phone is gone.
 *
 * Owns `auth_factors`, `auth_challenges` and `recovery_codes`. Later rooms propose factors and
 * accept them, take codes with `verifyTotp`, `verifyChallenge` and `redeemRecoveryCode`, and ask `listVerifiedFactors`
 * whether somebody has a factor that counts.
 */
import { after, days, type Services } from '../core/index.ts';
import { purgeChallenges } from './challenges.store.ts';
import { purgeUnverifiedFactors } from './store.ts';

export { assertMayAnswer, challengeFactor, type Expected, type Verification, verifyChallenge } from './challenge.ts';
export {
  AuthenticationChallengeExpired,
  AuthenticationChallengePreviouslyVerified,
  InvalidOneTimeCode,
  OneTimeCodeExpired,
  OneTimeCodePreviouslyUsed,
  OneTimeCodeTooManyAttempts,
} from './errors.ts';
export { type Presented, type Refusal, refusalOf } from './outcome.ts';
export { acceptProposal, type Occasion, type Proposal, proposeTotp } from './propose.ts';
export { qrCodeMarkup } from './qr-code.ts';
export { mfaReactions } from './reactions.ts';
export {
  countRecoveryCodes,
  issueRecoveryCodes,
  type RecoveryRedemption,
  recoveryCodesOf,
  redeemRecoveryCode,
} from './recovery-codes.ts';
export { removeFactor, resetFactors } from './remove.ts';
export { mfaRoutes } from './routes.ts';
export type { FactorRow, VerifiedFactor } from './schema.ts';
export { listVerifiedFactors } from './store.ts';
export { type CodeVerification, verifyTotp } from './verify-code.ts';

/** Enrolments nobody finished in a day, and challenges that are over for one. */
export async function purgeMfa({ db, now }: Pick<Services, 'db' | 'now'>): Promise<void> {
  const at = now();
  await purgeUnverifiedFactors(db, after(at, -days(1)));
  await purgeChallenges(db, after(at, -days(1)));
}
