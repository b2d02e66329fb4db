import type { Reaction } from '../core/index.ts';
import { removeInvitationsOfUser } from './invitation.store.ts';
import { endMembershipsOfUser } from './memberships.ts';
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
];
