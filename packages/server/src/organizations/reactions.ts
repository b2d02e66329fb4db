import type { Reaction } from '../core/index.ts';
import { findUser } from '../users/index.ts';
import { organizationOfAddress } from './domain-members.ts';
import { removeInvitationsOfUser } from './invitation.store.ts';
import { markOwn } from './membership.store.ts';
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
    async react(services, tx, tenant, { id, email_before: before }) {
      const user = await findUser(tx, tenant, String(id));
      if (!user) return;
      const home = await organizationOfAddress(tx, tenant, String(before));
      // Nobody makes a guest of themselves, whom other ways in may let in, by taking another address.
      if (home !== null) await markOwn(tx, tenant, home, user.id);
      await endMembershipsOfOtherAddress(services, tx, tenant, user);
    },
  },
];
