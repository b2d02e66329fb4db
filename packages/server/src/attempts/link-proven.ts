import type { Db, Services, Tenant } from '../core/index.ts';
import { connectIdentity, linkIdentity } from '../social/index.ts';
import { linkProfile } from '../sso/index.ts';
import { claimUser, type UserRow } from '../users/index.ts';
import type { Attempt } from './attempt.ts';

/**
 * The inbox is proved, so the account elsewhere that waited for it becomes the user's. Called in the transaction that
 * spent the code, by every door that takes codes. An account that nobody had proved before is emptied first: whoever
 * made it may have been waiting for exactly that. The sign-ins of its user then forget their proofs, this one too.
 *
 * @param before - the user before the proof
 */
export async function linkProven(
  services: Services,
  tx: Db,
  tenant: Tenant,
  { signUp, userId, proven }: Pick<Attempt, 'signUp' | 'userId' | 'proven'>,
  before: UserRow | null,
): Promise<void> {
  if (userId === null || (signUp?.kind !== 'social' && signUp?.kind !== 'sso')) return;
  if (before && !before.isEmailVerified && !signUp.isNew) await claimUser(services, tenant, tx, userId);
  if (signUp.kind === 'sso') {
    await linkProfile(tx, tenant, signUp.profileId, userId);
  } else if (proven.social) {
    const { provider } = proven.social;
    const link = signUp.isNew ? linkIdentity : connectIdentity;
    await link(services, tx, tenant, userId, provider, { ...signUp.profile, isEmailProven: true });
  }
}
