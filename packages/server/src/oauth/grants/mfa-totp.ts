import { z } from 'zod';
import { findPendingAttempt } from '../../attempts/index.ts';
import { type ApiError, type Services, sha256, type Tenant } from '../../core/index.ts';
import { assertMayTry } from '../../lockout/index.ts';
import {
  InvalidOneTimeCode,
  OneTimeCodeExpired,
  OneTimeCodePreviouslyUsed,
  OneTimeCodeTooManyAttempts,
  type Verification,
  verifyChallenge,
} from '../../mfa/index.ts';
import { grantTypes } from '../../protocol/index.ts';
import { UserMismatch } from '../errors.ts';
import { continuePending, proceed } from '../pending.ts';
import { common, endUserOf, grant } from './grant.ts';

const body = z.object({
  grant_type: z.literal(grantTypes.mfaTotp),
  ...common,
  code: z.string(),
  authentication_challenge_id: z.string().describe('Of a factor of this user; used by this sign-in alone, once.'),
  pending_authentication_token: z.string(),
});

/**
 * Answers `mfa_challenge` with a code of a factor the user has, and `mfa_enrollment` with the first code of one that they
 * have just enrolled in: an unproved factor opens nothing for a user who has a proved one.
 */
export const mfaTotp = grant({
  body,
  client: 'secret',
  async authorize(services, caller, wanted, request) {
    const endUser = endUserOf(wanted, caller, request);
    const { pending_authentication_token: token, authentication_challenge_id: id } = wanted;
    await countTry(services, caller.tenant, token);
    const attempt = await continuePending(services, caller, token, {
      steps: ['mfa', 'enroll_mfa'],
      prove: async (tx, pending, { user, secondFactors }) => {
        const verification = await verifyChallenge(
          services,
          caller.tenant,
          tx,
          id,
          { code: wanted.code, ...endUser },
          { userId: user.id, attemptId: pending.id, mayBeUnverified: secondFactors.length === 0 },
        );
        if (verification.outcome !== 'verified') return { refuse: refusalOf(verification, id) };
        return { proven: { ...pending.proven, totp: services.now().getTime() } };
      },
    });
    return proceed(services, caller, attempt, endUser);
  },
});

/** Of the person who signs in, whosever challenge was named: nobody uses up the tries of somebody else. */
async function countTry(services: Services, tenant: Tenant, token: string): Promise<void> {
  const pending = await findPendingAttempt(services.db, tenant, sha256(token));
  if (pending?.userId) await assertMayTry(services, tenant, { id: pending.userId }, 'totp');
}

function refusalOf(verification: Exclude<Verification, { outcome: 'verified' }>, id: string): ApiError {
  switch (verification.outcome) {
    case 'wrong':
      return new InvalidOneTimeCode();
    case 'used':
    case 'verified_before':
      return new OneTimeCodePreviouslyUsed();
    case 'exhausted':
      return new OneTimeCodeTooManyAttempts();
    case 'expired':
      return new OneTimeCodeExpired();
    case 'unknown':
      return new UserMismatch(id);
  }
}
