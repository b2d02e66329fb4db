import type { Reaction } from '../core/index.ts';
import { findUser } from '../users/index.ts';
import { removeInvitationsOfUser } from './invitation.store.ts';
import { endMembershipsOfOtherAddress, endMembershipsOfUser } from './memberships.ts';
import { removeEntryOf } from './waitlist.store.ts';

/** Nothing of this room outlives the user it is about. */
export const organizationReactions: readonly Reaction[] = [
  {
    event: 'user.deleted',
    async react(services, tx, tenant, data) {
      const [id, email] = [String(data.id), String(data.email)];
      await endMembershipsOfUser(services, tx, tenant, id);
      await removeInvitationsOfUser(tx, tenant, { id, email });
      await removeEntryOf(tx, tenant, email);
    },
  },
  {
    event: 'user.credentials_changed',
    async react(services, tx, tenant, data) {
      const user = await findUser(tx, tenant, String(data.id));
      if (user) await endMembershipsOfOtherAddress(services, tx, tenant, user);
    },
  },
];
