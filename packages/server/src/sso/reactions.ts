import type { Reaction } from '../core/index.ts';
import { deleteConnectionsOf } from './connections.ts';
import { deleteProfilesOf, unlinkProfilesOf } from './profiles.store.ts';

/** Nothing of a user or an organization outlives them, and nothing that was linked before the owner of an address came. */
export const ssoReactions: readonly Reaction[] = [
  {
    event: 'user.claimed',
    react: (_services, tx, tenant, data) => unlinkProfilesOf(tx, tenant, String(data.id)),
  },
  {
    event: 'user.deleted',
    react: (_services, tx, tenant, data) => deleteProfilesOf(tx, tenant, String(data.id)),
  },
  {
    event: 'organization.deleted',
    react: (services, tx, tenant, data) => deleteConnectionsOf(services, tx, tenant, String(data.id)),
  },
];
