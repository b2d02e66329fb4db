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

/**
 * What whoever may not enter an organization in the way they did is told, at a sign-in as at a refresh.
 *
 * @param token - the pending authentication token; null where no sign-in is under way
 * @param redirectUrl - where a new sign-in begins; null where one is under way
 */
export function otherMethod(
  email: string,
  membership: Pick<Membership, 'signInMethods'> | null,
  token: string | null,
  redirectUrl: string | null,
): ApiError {
  const takesOnlySso = membership?.signInMethods?.every((method) => method === 'SSO') ?? false;
  return takesOnlySso
    ? new SsoRequired(email, token, redirectUrl)
    : new OrganizationAuthenticationMethodsRequired(email, membership, redirectUrl);
}

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
    case 'change_method':
      return otherMethod(account.user.email, membershipOf(attempt, account), pending, null);
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
