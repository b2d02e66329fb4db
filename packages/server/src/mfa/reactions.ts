import type { Reaction } from '../core/index.ts';
import { forgetUser } from './remove.ts';

export const mfaReactions: readonly Reaction[] = [
  {
    event: 'user.deleted',
    async react(_services, tx, tenant, data) {
      await forgetUser(tx, tenant, String(data.id));
    },
  },
];
