/**
 * Operators who act as a user: who may, why, and when it began and ended. The sign-in itself is the app's own, like
 * anybody's; `sign-in` asks here who waits in the browser.
 *
 * Owns `impersonations`.
 */
import type { Reaction } from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import { deleteImpersonationsOf } from './store.ts';

export { clearedImpersonationCookie } from './begin.ts';
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
      if (!impersonator) return;
      await recordEvent(services, tx, tenant, {
        name: 'impersonation.ended',
        data: { session_id: id, user_id: userId, ...impersonator },
        userId: String(userId),
      });
    },
  },
];
