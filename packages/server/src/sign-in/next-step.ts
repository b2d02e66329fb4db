import type { Attempt } from './attempt.ts';

/** What the environment asks of everybody, and the address of this attempt. */
export interface Policy {
  readonly requireEmailVerification: boolean;
}

/** What has to happen next, in order; `complete` when nothing is missing. */
export type Step = 'identify' | 'password' | 'verify_email' | 'confirm_redirect' | 'complete';

type Learned = Pick<Attempt, 'email' | 'proven' | 'signUp' | 'request'>;

/**
 * The one decision of a sign-in: which step is missing. No page sends a person to another page; each writes down what
 * it learned and asks here, so that no order of requests goes round a policy.
 *
 * @param user - the account the attempt has arrived at, or null while there is none
 */
export function nextStep(attempt: Learned, user: { readonly isEmailVerified: boolean } | null, policy: Policy): Step {
  if (attempt.email === null) return 'identify';
  if (attempt.proven.password === undefined) return 'password';
  if (attempt.signUp?.kind === 'decoy') return 'verify_email';
  if (user === null) return 'identify';
  if (!provesEmail(attempt, user, policy)) return 'verify_email';
  if (attempt.request.isOnSharedGround && attempt.proven.redirect === undefined) return 'confirm_redirect';
  return 'complete';
}

function provesEmail(
  { proven, signUp }: Learned,
  user: { readonly isEmailVerified: boolean },
  policy: Policy,
): boolean {
  // Whoever signs up over an account that nobody proved has shown nothing but a password of their own choice.
  if (signUp?.kind === 'unverified' && proven.emailCode === undefined) return false;
  return user.isEmailVerified || !policy.requireEmailVerification;
}
