import type { Reaction } from '../core/index.ts';
import { deleteVerification, deleteVerificationOfOtherAddress } from './store.ts';

/** A code proves the address it was mailed to, and dies with the user or when the user gets another address. */
export const authenticationReactions: readonly Reaction[] = [
  {
    event: 'user.deleted',
    react: (_services, tx, tenant, data) => deleteVerification(tx, tenant, String(data.id)),
  },
  {
    event: 'user.updated',
    react: (_services, tx, tenant, data) =>
      deleteVerificationOfOtherAddress(tx, tenant, String(data.id), String(data.email)),
  },
];
