/**
 * Operators who act as a user: who may, why, and when it began and ended. The sign-in itself is the app's own, like
 * anybody's; `sign-in` asks here who waits in the browser.
 *
 * Owns `impersonations`.
 */
import { type Db, type Reaction, type Services, systemTenant, type Tenant } from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import { takeExpiredImpersonations } from '../sessions/index.ts';
import { deleteImpersonationsOf } from './store.ts';

export { clearedImpersonationCookie, impersonationCookieName } from './begin.ts';
export { redeemImpersonation, waitingImpersonation } from './redeem.ts';
export { impersonationRoutes } from './routes.ts';
export { type ImpersonationRow, purgeImpersonations } from './store.ts';

export const impersonationReactions: readonly Reaction[] = [
  {
    event: 'user.deleted',
    react: (_services, tx, tenant, data) => deleteImpersonationsOf(tx, tenant, String(data.id)),
  },
  {
    event: 'session.revoked',
    async react(services, tx, tenant, { id, user_id: userId, impersonator }) {
      if (impersonator) await recordEnd(services, tx, tenant, String(id), String(userId), impersonator);
    },
  },
];

/** A session that runs out is ended by nobody; the trail says all the same that it is over. Safe to run on every node. */
export const noteExpiredImpersonations = (services: Services): Promise<void> =>
  services.db.transaction(async (tx) => {
    for (const { id, userId, environmentId, impersonator } of await takeExpiredImpersonations(tx, services.now()))
      await recordEnd(services, tx, systemTenant(environmentId), id, userId, impersonator ?? {});
  });

const recordEnd = (
  services: Services,
  tx: Db,
  tenant: Tenant,
  sessionId: string,
  userId: string,
  impersonator: object,
): Promise<void> =>
  recordEvent(services, tx, tenant, {
    name: 'impersonation.ended',
    data: { session_id: sessionId, user_id: userId, ...impersonator },
    userId,
  });
