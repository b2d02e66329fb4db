import type { Db, Reaction, Tenant } from '../core/index.ts';
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
  // Whoever asked for them before may be the one that the change, the reset or the claim is meant to keep out.
  { event: 'user.credentials_changed', react: forgetChanges },
  { event: 'user.claimed', react: forgetChanges },
  { event: 'authentication_factors.reset', react: forgetChanges },
];

/** What would give the account another address or password, and waits for a code or a link. */
async function forgetChanges(
  _services: unknown,
  tx: Db,
  tenant: Tenant,
  data: Readonly<Record<string, unknown>>,
): Promise<void> {
  await deleteUnusedResets(tx, tenant, String(data.id));
  await deletePendingChange(tx, tenant, String(data.id));
}
