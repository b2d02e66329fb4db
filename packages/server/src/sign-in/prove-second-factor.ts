import type { Learned } from '../attempts/index.ts';
import type { Db, RequestInfo, Services } from '../core/index.ts';
import { assertMayTry, type TryMethod } from '../lockout/index.ts';
import {
  acceptProposal,
  issueRecoveryCodes,
  type Occasion,
  type Presented,
  redeemRecoveryCode,
  verifyTotp,
} from '../mfa/index.ts';
import { lockUser, type UserRow } from '../users/index.ts';
import { learn } from './advance.ts';
import type { OpenAttempt } from './browser.ts';

export type SecondProof =
  | { readonly outcome: 'proved'; readonly open: OpenAttempt }
  | { readonly outcome: 'wrong' }
  /** Right, and accepted before: most likely by the same form a moment ago. */
  | { readonly outcome: 'used' }
  /** Another request took the attempt further. */
  | { readonly outcome: 'overtaken' };

/** What a page shows of a factor that is only proposed belongs to its attempt. */
export const occasionOf = ({ attempt, client }: OpenAttempt): Occasion => ({
  id: attempt.id,
  issuer: client.applicationName,
});

/** With a code of an authenticator app. @throws {TriedTooOften} */
export function proveTotp(
  services: Services,
  open: OpenAttempt,
  code: string,
  request: RequestInfo,
): Promise<SecondProof> {
  const { tenant, attempt } = open;
  return prove(services, open, 'totp', code, request, async (tx, user, presented) => {
    const { outcome } = await verifyTotp(services, tenant, tx, user, presented);
    if (outcome !== 'verified') return outcome;
    return { proven: { ...attempt.proven, totp: services.now().getTime() } };
  });
}

/** With a recovery code. Whoever has used the last one is given new ones. @throws {TriedTooOften} */
export function proveRecoveryCode(
  services: Services,
  open: OpenAttempt,
  code: string,
  request: RequestInfo,
): Promise<SecondProof> {
  const { tenant, attempt } = open;
  return prove(services, open, 'recovery_code', code, request, async (tx, user, presented) => {
    const redemption = await redeemRecoveryCode(services, tenant, tx, user, presented);
    if (redemption.outcome !== 'redeemed') return redemption.outcome;
    const proven = { ...attempt.proven, recoveryCode: services.now().getTime() };
    if (redemption.left > 0) return { proven };
    await issueRecoveryCodes(services, tenant, tx, user.id, attempt.id);
    return { proven, answers: { ...attempt.answers, recoveryCodesDue: true } };
  });
}

/** With the first code of the factor that the page proposes. Recovery codes come with it. @throws {TriedTooOften} */
export function proveEnrolment(
  services: Services,
  open: OpenAttempt,
  code: string,
  request: RequestInfo,
): Promise<SecondProof> {
  const { tenant, attempt } = open;
  return prove(services, open, 'totp', code, request, async (tx, user, presented) => {
    const { outcome } = await acceptProposal(services, tenant, tx, user, occasionOf(open), presented);
    if (outcome !== 'verified') return outcome;
    await issueRecoveryCodes(services, tenant, tx, user.id, attempt.id);
    return {
      proven: { ...attempt.proven, totp: services.now().getTime() },
      answers: { ...attempt.answers, recoveryCodesDue: true },
    };
  });
}

/**
 * What is presented is spent and what it proves is written down in one transaction, which holds the user: a reset of
 * their factors is either seen here, or finds this done.
 */
async function prove(
  services: Services,
  open: OpenAttempt,
  method: TryMethod,
  code: string,
  { ip, userAgent }: RequestInfo,
  present: (tx: Db, user: UserRow, presented: Presented) => Promise<Learned | 'wrong' | 'used'>,
): Promise<SecondProof> {
  const { tenant, attempt, locale } = open;
  const { userId } = attempt;
  if (userId === null) return { outcome: 'overtaken' };
  await assertMayTry(services, tenant, { id: userId }, method);
  return services.db.transaction(async (tx) => {
    const user = await lockUser(tx, tenant, userId);
    if (!user) return { outcome: 'overtaken' };
    const learned = await present(tx, user, { code, ipAddress: ip, userAgent, locale });
    if (typeof learned === 'string') return { outcome: learned };
    const moved = await learn(tx, open, learned);
    return moved ? { outcome: 'proved', open: moved } : { outcome: 'overtaken' };
  });
}
