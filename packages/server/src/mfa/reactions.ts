import type { Reaction } from '../core/index.ts';
import { forgetUnproved, forgetUser } from './remove.ts';

export const mfaReactions: readonly Reaction[] = [
  {
    // Made by whoever had the account before its owner proved the inbox, and now they would be asked for it.
    event: 'user.claimed',
    react: (services, tx, tenant, data) => forgetUnproved(services, tx, tenant, String(data.id)),
  },
  {
    event: 'user.deleted',
    async react(_services, tx, tenant, data) {
      await forgetUser(tx, tenant, String(data.id));
    },
  },
];
