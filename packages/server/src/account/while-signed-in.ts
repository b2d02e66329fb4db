import type { Db, Services } from '../core/index.ts';
import { holdBrowserSession } from '../sessions/index.ts';
import { lockUser } from '../users/index.ts';
import type { OpenAccount } from './open.ts';

/**
 * Changes an account in a transaction that holds the browser's sign-in. Whoever ends that at the same time, with a new
 * password for one, is either seen here or finds what was changed: it was to end what this browser may do.
 *
 * @returns null, and nothing was changed, when the sign-in is over
 */
export function whileSignedIn<T>(
  services: Services,
  { tenant, user, session }: OpenAccount,
  change: (tx: Db) => Promise<T>,
): Promise<T | null> {
  return services.db.transaction(async (tx) => {
    // The user first, as those do who end their sessions: each would wait for the other.
    await lockUser(tx, tenant, user.id);
    return (await holdBrowserSession(tx, tenant, session.id, services.now())) ? change(tx) : null;
  });
}
