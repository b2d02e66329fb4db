import { type Db, type Services, sameText, type Tenant, type Vault } from '../core/index.ts';
import { type EmailVerificationRow, type Redemption, tryLimit } from './schema.ts';
import { findVerification, spendVerification, takeTry } from './store.ts';

/**
 * Spends the user's code, once. Marks nothing else: see `confirmEmail`.
 *
 * The transaction must commit whatever the outcome, so return it and throw later: a rolled back wrong try was free.
 *
 * @param code - as presented; anything that is not the six digits is a wrong try like others
 */
export async function redeemVerificationCode(
  { vault, now }: Pick<Services, 'vault' | 'now'>,
  tenant: Tenant,
  tx: Db,
  userId: string,
  code: string,
): Promise<Redemption> {
  const at = now();
  const verification = await takeTry(tx, tenant, userId, at, tryLimit);
  if (!verification) return explain(await findVerification(tx, tenant, userId), at);
  if (sameText(macOf(vault, verification, code), verification.codeMac)) {
    const spent = await spendVerification(tx, tenant, verification.id, at);
    return spent ? { outcome: 'verified', email: verification.email } : { outcome: 'used' };
  }
  const triesLeft = tryLimit - verification.tries;
  return triesLeft > 0 ? { outcome: 'wrong', triesLeft } : { outcome: 'exhausted' };
}

/** State first, time second: what was used stays used when a clock moves. */
function explain(verification: EmailVerificationRow | null, at: Date): Redemption {
  if (!verification) return { outcome: 'expired' };
  if (verification.redeemedAt) return { outcome: 'used' };
  if (verification.tries >= tryLimit) return { outcome: 'exhausted' };
  if (verification.expiresAt <= at) return { outcome: 'expired' };
  // A new code came into force between the two looks; the one presented is not it.
  return { outcome: 'wrong', triesLeft: tryLimit - verification.tries };
}

/** Bound to environment, user and row: a code copied to another row, or sent earlier, is simply wrong. */
export function macOf(
  vault: Vault,
  row: Pick<EmailVerificationRow, 'id' | 'environmentId' | 'userId' | 'macKeyId'>,
  code: string,
): string {
  const message = [row.environmentId, row.userId, row.id, code].join('\n');
  return vault.mac('email-verification', message, row.macKeyId).toString('base64url');
}
