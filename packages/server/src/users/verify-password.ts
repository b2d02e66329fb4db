import type { Services, Tenant } from '../core/index.ts';
import { noteImportedCost, waitForTheSlowest } from './imported-cost.ts';
import {
  hashPassword,
  isImported,
  isWeakerThanOurs,
  type PasswordHash,
  spendOneHash,
  timedMatch,
} from './password-hash.ts';
import { findPassword, upgradePassword } from './password-store.ts';

/** Longer than any password we accept or another system is likely to have; not worth a hash of its own. */
const maxBytes = 4096;

/**
 * Whether this is the user's password. Nobody, a user without a password, and an absurd one cost a hash all the same
 * and are false; so does what another system's hash makes costlier or cheaper. A match against an imported or weaker
 * hash replaces it with one of ours.
 *
 * @throws {Unavailable} when too many hashes are waiting
 */
export async function verifyPassword(
  services: Pick<Services, 'db' | 'log'>,
  tenant: Tenant,
  userId: string | null,
  plain: string,
): Promise<boolean> {
  const startedAt = performance.now();
  if (await isRight(services, tenant, userId, plain)) return true;
  await waitForTheSlowest(services, tenant, startedAt);
  return false;
}

async function isRight(
  { db, log }: Pick<Services, 'db' | 'log'>,
  tenant: Tenant,
  userId: string | null,
  plain: string,
): Promise<boolean> {
  const stored = userId === null ? null : await findPassword(db, tenant, userId);
  if (!stored || Buffer.byteLength(plain) > maxBytes) {
    await spendOneHash(plain.slice(0, maxBytes));
    return false;
  }
  const { isMatch, ms } = await timedMatch(stored, plain);
  if (isImported(stored)) noteImportedCost({ db }, tenant, ms);
  if (!isMatch) {
    // A plain digest is compared in microseconds, and would tell that this address has one.
    if (isQuick(stored)) await spendOneHash(plain);
    return false;
  }
  if (userId !== null && isWeakerThanOurs(stored)) {
    try {
      await upgradePassword(db, tenant, userId, stored, await hashPassword(plain));
    } catch (error) {
      log.warn({ err: error, user: userId }, 'A password hash was not upgraded; the next sign-in tries again');
    }
  }
  return true;
}

const isQuick = ({ type }: PasswordHash): boolean => type === 'ssha' || type === 'ssha256';
