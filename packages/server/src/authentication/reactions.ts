import type { Reaction } from '../core/index.ts';
import { deleteResets, deleteUnusedResets } from './password-reset.store.ts';
import { deleteCodes, deleteCodesOfOtherAddress, deletePendingChange } from './store.ts';

/** A code or link proves the inbox it was mailed to, and dies with the user or when the user gets another address. */
export const authenticationReactions: readonly Reaction[] = [
  {
    event: 'user.deleted',
    async react(_services, tx, tenant, data) {
      await deleteCodes(tx, tenant, String(data.id), ['email_verification', 'magic_auth', 'email_change']);
      await deleteResets(tx, tenant, String(data.id));
    },
  },
  {
    event: 'user.updated',
    react: (_services, tx, tenant, { id, email }) =>
      deleteCodesOfOtherAddress(tx, tenant, String(id), String(email), ['email_verification', 'magic_auth']),
  },
  {
    event: 'user.credentials_changed',
    async react(_services, tx, tenant, data) {
      // Whoever asked for them under the old password or address may be the one the change is meant to keep out.
      await deleteUnusedResets(tx, tenant, String(data.id));
      await deletePendingChange(tx, tenant, String(data.id));
    },
  },
];
