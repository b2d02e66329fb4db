import type { Db, Services, Tenant } from '../core/index.ts';
import { linkIdentity } from '../social/index.ts';
import { claimUser } from '../users/index.ts';
import type { Attempt } from './attempt.ts';

/**
 * The inbox is proved, so the provider's account that waited for it becomes the user's. Called in the transaction that
 * spent the code, by every door that takes codes. An account that nobody had proved before is emptied first: whoever
 * made it may have been waiting for exactly that. The sign-ins of its user then forget their proofs, this one too.
 *
 * @param wasVerified - whether somebody had proved the address before
 */
export async function linkProven(
  services: Services,
  tx: Db,
  tenant: Tenant,
  { signUp, userId, proven }: Pick<Attempt, 'signUp' | 'userId' | 'proven'>,
  wasVerified: boolean,
): Promise<void> {
  const provider = proven.social?.provider;
  if (signUp?.kind !== 'social' || userId === null || provider === undefined) return;
  if (!wasVerified && !signUp.isNew) await claimUser(services, tenant, tx, userId);
  await linkIdentity(services, tx, tenant, userId, provider, { ...signUp.profile, isEmailProven: true });
}
