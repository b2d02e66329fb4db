import { z } from 'zod';
import { findPendingAttempt, linkProven } from '../../attempts/index.ts';
import { assertMayTryCode, confirmEmail, oneTimeCodeError } from '../../authentication/index.ts';
import { sha256 } from '../../core/index.ts';
import { grantTypes } from '../../protocol/index.ts';
import { continuePending, proceed } from '../pending.ts';
import { common, endUserOf, grant } from './grant.ts';

const body = z.object({
  grant_type: z.literal(grantTypes.emailVerificationCode),
  ...common,
  code: z.string(),
  pending_authentication_token: z.string(),
});

/** Answers `email_verification_required`: the code that was mailed with it. */
export const emailVerificationCode = grant({
  body,
  client: 'secret',
  async authorize(services, caller, wanted, request) {
    const { tenant } = caller;
    const { pending_authentication_token: token, code } = wanted;
    const endUser = endUserOf(wanted, caller, request);
    const pending = await findPendingAttempt(services.db, tenant, sha256(token));
    if (pending?.userId) {
      const key = { purpose: 'email_verification', attemptId: pending.id } as const;
      await assertMayTryCode(services, tenant, { id: pending.userId }, key);
    }
    const attempt = await continuePending(services, caller, token, {
      steps: ['verify_email'],
      prove: async (tx, pending, { user }) => {
        const { id: attemptId, proven } = pending;
        const confirmed = await confirmEmail(services, tenant, tx, { user, code, attemptId, ...endUser });
        if (confirmed.outcome !== 'verified') return { refuse: oneTimeCodeError(confirmed) };
        const learned = { proven: { ...proven, emailCode: services.now().getTime() } };
        if (pending.signUp?.kind !== 'social' && pending.signUp?.kind !== 'sso') return learned;
        await linkProven(services, tx, tenant, pending, user);
        return { ...learned, signUp: null };
      },
    });
    return proceed(services, caller, attempt, endUser);
  },
});
