/**
 * A sign-in on its way, from whichever door: what was asked for, what was proved, and what has to happen next. Pages and
 * grants write down what they learned and hand over to `nextStep`, so that no order of requests goes round a policy.
 *
 * Owns `sign_in_attempts`.
 */
import type { Reaction } from '../core/index.ts';
import { forgetPasskeyProofs, forgetProofs, forgetSignOns } from './store.ts';

export { accountOf, findAccount, type KnownAccount } from './account.ts';
export { type Answers, type Attempt, type Learned, type Names, type SignUp, startOver } from './attempt.ts';
export { type Beginning, beginAttempt } from './begin.ts';
export { acceptFor, joinOrganizations } from './join.ts';
export { linkProven } from './link-proven.ts';
export {
  allows,
  isOwnPage,
  membershipOf,
  nextStep,
  type Progress,
  type Step,
  wantedOrganization,
} from './next-step.ts';
export { ownPagesDemand, passkeyBarrier } from './own-pages.ts';
export { type Account, type Membership, type Policy, policyStep } from './policy.ts';
export { type PasswordProof, provePassword } from './prove-password.ts';
export { type Introduced, introduce } from './prove-social.ts';
export { introduceBySignOn, type SignedOn } from './prove-sso.ts';
export { reaches } from './proven-today.ts';
export type { AppDestination, Destination, PageDestination, SignInRequest } from './request.ts';
export { plainRequest } from './request.ts';
export {
  type AttemptRow,
  findAttempt,
  findEnvironmentOfAttempt,
  findPendingAttempt,
  finishAttempt,
  purgeAttempts,
  rotateSecret,
  saveAnswers,
  saveAttempt,
} from './store.ts';
export { withWaysIn } from './ways-in.ts';

/** A password, address, passkey, second factor or identity provider that is no longer the user's finishes no sign-in that it began. */
export const attemptReactions: readonly Reaction[] = [
  {
    event: 'user.claimed',
    react: (_services, tx, tenant, data) => forgetProofs(tx, tenant, String(data.id)),
  },
  {
    event: 'user.credentials_changed',
    react: (_services, tx, tenant, data) => forgetProofs(tx, tenant, String(data.id)),
  },
  {
    event: 'authentication_factors.reset',
    react: (_services, tx, tenant, data) => forgetProofs(tx, tenant, String(data.id)),
  },
  {
    event: 'passkey.deleted',
    react: (_services, tx, tenant, data) => forgetPasskeyProofs(tx, tenant, String(data.user_id)),
  },
  {
    event: 'connection.deactivated',
    react: (_services, tx, tenant, data) => forgetSignOns(tx, tenant, String(data.id)),
  },
  {
    event: 'connection.deleted',
    react: (_services, tx, tenant, data) => forgetSignOns(tx, tenant, String(data.id)),
  },
];
