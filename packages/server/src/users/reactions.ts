import type { Reaction } from '../core/index.ts';
import { forgetAllEarlierPasswords } from './password-history.store.ts';

export const userReactions: readonly Reaction[] = [
  {
    event: 'environment.updated',
    async react(_services, tx, tenant, { part, after }) {
      const settings = after as { password_history?: number } | null;
      if (part === 'settings' && settings?.password_history === 0) await forgetAllEarlierPasswords(tx, tenant);
    },
  },
];
