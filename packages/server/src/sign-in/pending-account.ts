import { type SignUp, startOver } from '../attempts/index.ts';
import { assertMayTryCode, type Refusal, redeemAddressCode } from '../authentication/index.ts';
import type { Db, Services } from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import { createUser, type UserRow } from '../users/index.ts';
import { learn } from './advance.ts';
import type { OpenAttempt } from './browser.ts';

interface Presented {
  readonly email: string;
  readonly code: string;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
}

type Pending = Extract<SignUp, { kind: 'pending' }>;

/**
 * Makes the account of somebody whose browser did no work for it: with the code, because a bot that reads the mail of
 * every address it makes up has paid as well.
 *
 * @throws {TooManyRequests} when codes for this address were tried too often
 */
export async function makePendingAccount(
  services: Services,
  open: OpenAttempt,
  presented: Presented,
): Promise<OpenAttempt | Refusal> {
  const { attempt, tenant } = open;
  const { signUp } = attempt;
  const { email, ipAddress, userAgent } = presented;
  if (signUp?.kind !== 'pending') return { outcome: 'expired' };
  await assertMayTryCode(services, tenant, { email }, { purpose: 'email_verification', attemptId: attempt.id });
  return services.db.transaction(async (tx) => {
    const redemption = await redeemAddressCode(services, tenant, tx, { ...presented, attemptId: attempt.id });
    if (redemption.outcome !== 'verified') return redemption;
    const user = await accountOf(services, tx, open, email, signUp);
    // Somebody made it meanwhile, elsewhere: its password is that one's, and this person signs in like anybody.
    if (user === null) return (await learn(tx, open, startOver(attempt))) ?? { outcome: 'used' };
    await recordEvent(services, tx, tenant, {
      name: 'authentication.email_verification_succeeded',
      userId: user.id,
      data: {
        type: 'email_verification',
        status: 'succeeded',
        ip_address: ipAddress,
        user_agent: userAgent,
        user_id: user.id,
        email,
      },
    });
    const proven = { ...attempt.proven, emailCode: services.now().getTime() };
    return (await learn(tx, open, { userId: user.id, proven, signUp: null })) ?? { outcome: 'used' };
  });
}

async function accountOf(
  services: Services,
  tx: Db,
  { tenant }: OpenAttempt,
  email: string,
  { passwordHash, firstName, lastName, name = null }: Pending,
): Promise<UserRow | null> {
  const wanted = { email, firstName, lastName, name, passwordHash, isSelfDescribed: true, isEmailVerified: true };
  const created = await createUser(services, tenant, tx, wanted);
  return created === 'email_taken' ? null : created;
}
