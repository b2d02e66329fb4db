import { type Db, EntityNotFound, type Services, type Tenant } from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import { noteSuccess } from '../lockout/index.ts';
import { queueMail } from '../mail/index.ts';
import { findUser, lockUser, type UserRow } from '../users/index.ts';
import { deleteChallengesOfFactor, deleteChallengesOfUser } from './challenges.store.ts';
import { deleteRecoveryCodes } from './recovery-codes.store.ts';
import { toFactor } from './schema.ts';
import { deleteFactor, deleteFactorsOfUser, listVerifiedFactors } from './store.ts';

/**
 * Removes one factor. With the last one that counted, the recovery codes that stood in for it go as well. The person
 * is told by mail, unless the factor was only begun.
 *
 * @throws {EntityNotFound} also when it belongs to another environment
 */
export async function removeFactor(services: Services, tenant: Tenant, tx: Db, id: string): Promise<void> {
  await deleteChallengesOfFactor(tx, tenant, id);
  const factor = await deleteFactor(tx, tenant, id);
  if (!factor) throw new EntityNotFound('Authentication factor', id);
  const { userId } = factor;
  await recordEvent(services, tx, tenant, { name: 'authentication_factor.removed', data: toFactor(factor), userId });
  if (userId === null) return;
  const isLast = (await listVerifiedFactors(tx, tenant, userId)).length === 0;
  if (isLast) await deleteRecoveryCodes(tx, tenant, userId);
  const user = factor.verifiedAt && (await findUser(tx, tenant, userId));
  if (user) await tell(services, tenant, tx, user, 'removed');
}

/**
 * An administrator lets somebody in again who lost their device: every factor and recovery code goes, and every session
 * with them, because whoever asked for it may not have been the person (ASVS 7.4.3).
 *
 * @throws {EntityNotFound} also when the user belongs to another environment
 */
export async function resetFactors(services: Services, tenant: Tenant, tx: Db, userId: string): Promise<void> {
  const user = await lockUser(tx, tenant, userId);
  if (!user) throw new EntityNotFound('User', userId);
  const removed = await forgetUser(tx, tenant, userId);
  // Vouched for by a person: codes of the new factors begin with no failures.
  await noteSuccess(services, tx, tenant, userId, 'recovery_code');
  // Later and earlier rooms follow this: sessions end with it.
  const data = { id: userId, factors: removed };
  await recordEvent(services, tx, tenant, { name: 'authentication_factors.reset', data, userId });
  await tell(services, tenant, tx, user, 'reset');
}

/** Everything this room keeps of a user. @returns the ids of the factors that were */
export async function forgetUser(tx: Db, tenant: Tenant, userId: string): Promise<readonly string[]> {
  await deleteChallengesOfUser(tx, tenant, userId);
  const factors = await deleteFactorsOfUser(tx, tenant, userId);
  await deleteRecoveryCodes(tx, tenant, userId);
  return factors.map(({ id }) => id);
}

const tell = (
  services: Services,
  tenant: Tenant,
  tx: Db,
  { email, locale }: UserRow,
  change: 'removed' | 'reset',
): Promise<void> =>
  queueMail(services, tx, tenant, { to: email, locale, template: 'second_factor_changed', data: { change } });
