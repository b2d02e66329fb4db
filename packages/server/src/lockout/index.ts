/**
 * How often somebody may try to prove who they are: failures in a row of each person and method, shared by every path.
 *
 * Owns `sign_in_tries`. Whoever is about to look at a secret calls `assertMayTry`, and `noteSuccess` when it was right.
 */
import type { Reaction } from '../core/index.ts';
import { tryMethods } from './schema.ts';
import { deleteTries } from './store.ts';

export {
  assertMayTry,
  countTry,
  noteInboxProved,
  noteSuccess,
  type Owner,
  ownerIdOf,
  purgeTries,
  TriedTooOften,
} from './logic.ts';
export { lockoutRoutes } from './routes.ts';
export type { TryMethod } from './schema.ts';

export const lockoutReactions: readonly Reaction[] = [
  {
    event: 'user.deleted',
    react: async (_services, tx, tenant, data) => {
      await deleteTries(tx, tenant, String(data.id), tryMethods);
    },
  },
];
