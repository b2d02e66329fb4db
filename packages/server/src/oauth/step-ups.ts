import { type Attempt, type KnownAccount, type Membership, membershipOf, type Step } from '../attempts/index.ts';
import { assertMaySend, sendVerificationCode } from '../authentication/index.ts';
import type { ApiError, Secret, Services } from '../core/index.ts';
import { OrganizationMembershipNotFound } from '../organizations/index.ts';
import { toWire } from '../users/index.ts';
import type { AuthenticatedClient } from './client-authentication.ts';
import {
  EmailVerificationRequired,
  InvalidPendingAuthenticationToken,
  MfaChallenge,
  MfaEnrollment,
  OrganizationAuthenticationMethodsRequired,
  OrganizationSelectionRequired,
  SsoRequired,
} from './errors.ts';

interface Due {
  readonly attempt: Attempt;
  readonly account: KnownAccount;
  readonly step: Exclude<Step, 'complete' | 'join'>;
  /** The pending authentication token that answers it. */
  readonly token: Secret;
}

/** Whether an organization lets people in through its own sign-on and in no other way. */
export const takesOnlySso = (membership: Pick<Membership, 'signInMethods'> | null): boolean =>
  membership?.signInMethods?.every((method) => method === 'SSO') ?? false;

/** What an app with pages of its own is told to ask the person for next. */
export async function stepUpOf(
  services: Services,
  { tenant }: AuthenticatedClient,
  { attempt, account, step, token }: Due,
): Promise<ApiError> {
  const pending = token.reveal();
  const user = toWire(account.user);
  switch (step) {
    case 'verify_email': {
      await assertMaySend(services, tenant, account.user.email);
      const { id } = await services.db.transaction((tx) =>
        sendVerificationCode(services, tenant, tx, account.user, attempt.id),
      );
      return new EmailVerificationRequired(pending, account.user.email, id);
    }
    case 'mfa':
      return new MfaChallenge(pending, user, account.secondFactors);
    case 'enroll_mfa':
      return new MfaEnrollment(pending, user);
    case 'choose_organization':
      return new OrganizationSelectionRequired(pending, user, account.memberships);
    case 'change_method': {
      const membership = membershipOf(attempt, account);
      if (takesOnlySso(membership)) return new SsoRequired(account.user.email, pending, null);
      return new OrganizationAuthenticationMethodsRequired(account.user.email, membership, null);
    }
    case 'not_a_member':
      return new OrganizationMembershipNotFound(attempt.request.organizationId ?? '');
    // Steps that only our own pages ask for, or that the account's changes brought back.
    case 'identify':
    case 'impersonate':
    case 'prove':
    case 'tell_email':
    case 'recovery_codes':
    case 'offer_passkey':
    case 'confirm_redirect':
      return new InvalidPendingAuthenticationToken(pending);
  }
}
