import type { Reaction } from '../core/index.ts';
import { forgetUnproved, forgetUser } from './remove.ts';

export const mfaReactions: readonly Reaction[] = [
  {
    // Made by whoever had the account before its owner proved the inbox, and now they would be asked for it. Of an account
    // that had an owner it stays: a mailed code for an address that an app wrote into it is one factor and not two.
    event: 'user.claimed',
    async react(services, tx, tenant, { id, had_owner: hadOwner }) {
      if (hadOwner !== true) await forgetUnproved(services, tx, tenant, String(id));
    },
  },
  {
    event: 'user.deleted',
    async react(_services, tx, tenant, data) {
      await forgetUser(tx, tenant, String(data.id));
    },
  },
];
