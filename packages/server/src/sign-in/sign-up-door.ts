import type { Services } from '../core/index.ts';
import { findInvitation, fitsAddress, mayMakeAccount, stateOf } from '../organizations/index.ts';
import { type Say, say } from '../texts/index.ts';
import type { OpenAttempt } from './browser.ts';

/** What stands where a sign-up form might: the form, a way onto the waitlist, or the news that it takes an invitation. */
export type SignUpDoor = 'open' | 'waitlist' | 'invite_only' | 'none';

export function signUpDoor({ client, attempt }: Pick<OpenAttempt, 'client' | 'attempt'>): SignUpDoor {
  const { isHidden, settings } = client.environment;
  if (attempt.request.mayAlwaysSignUp) return 'open';
  if (isHidden) return 'none';
  return settings.signUp === 'open' || attempt.request.invitationId !== null ? 'open' : settings.signUp;
}

/** Why this address may not sign up here, although the form was shown: the invitation is for another one, or over. */
export async function invitationFault(services: Services, open: OpenAttempt, email: string): Promise<Say | null> {
  const { attempt, client, tenant } = open;
  const { invitationId, mayAlwaysSignUp } = attempt.request;
  if (invitationId === null || mayAlwaysSignUp) return null;
  const invitation = await findInvitation(services.db, tenant, invitationId);
  if (!invitation || stateOf(invitation, services.now()) !== 'pending') return 'organizations.overWhy';
  const { settings } = client.environment;
  const isLetIn = await mayMakeAccount(services, services.db, tenant, settings, { email, invitationId });
  return isLetIn && fitsAddress(invitation, email)
    ? null
    : say('organizations.otherAddress', { email: invitation.email });
}
