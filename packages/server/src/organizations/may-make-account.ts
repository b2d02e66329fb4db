import type { Db, Services, Tenant } from '../core/index.ts';
import type { Settings } from '../environments/index.ts';
import { emailKey } from '../users/index.ts';
import { stateOf } from './invitation.schema.ts';
import { findInvitation } from './invitation.store.ts';

/**
 * Whether an address may become an account, by whatever way in.
 *
 * Where sign-up is closed an invitation opens it for the invited address alone, although others may accept it:
 * otherwise one link would make an account of everybody it is passed on to.
 *
 * @param email - normalised
 */
export async function mayMakeAccount(
  { now }: Pick<Services, 'now'>,
  db: Db,
  tenant: Tenant,
  { signUp }: Pick<Settings, 'signUp'>,
  { email, invitationId }: { readonly email: string; readonly invitationId: string | null },
): Promise<boolean> {
  if (signUp === 'open') return true;
  const invitation = invitationId === null ? null : await findInvitation(db, tenant, invitationId);
  if (!invitation || stateOf(invitation, now()) !== 'pending') return false;
  return emailKey(invitation.email) === emailKey(email);
}
