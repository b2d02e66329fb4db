import {
  type Attempt,
  type KnownAccount,
  type Membership,
  membershipOf,
  type Step,
  wantedOrganization,
} from '../attempts/index.ts';
import { assertMaySend, sendVerificationCode } from '../authentication/index.ts';
import type { ApiError, Secret, Services, Tenant } from '../core/index.ts';
import { OrganizationMembershipNotFound } from '../organizations/index.ts';
import { listActiveConnections } from '../sso/index.ts';
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

/** Whether an organization lets people in by its own identity provider alone. */
export const takesOnlySso = (policy: Pick<Membership, 'signInMethods'> | null): boolean =>
  policy?.signInMethods?.every((method) => method === 'SSO') ?? false;

/**
 * What whoever may not enter an organization in the way they did is told, at a sign-in as at a refresh, with the
 * connections that let them in.
 *
 * @param token - the pending authentication token; null where no sign-in is under way
 * @param redirectUrl - where a new sign-in begins; null where one is under way
 */
export async function otherMethod(
  { db }: Pick<Services, 'db'>,
  tenant: Tenant,
  email: string,
  membership: Pick<Membership, 'organizationId' | 'signInMethods'> | null,
  token: string | null,
  redirectUrl: string | null,
): Promise<ApiError> {
  const takesSso = membership !== null && (membership.signInMethods?.includes('SSO') ?? true);
  const connections = takesSso ? await listActiveConnections(db, tenant, membership.organizationId) : [];
  const ids = connections.map(({ id }) => id);
  return takesOnlySso(membership)
    ? new SsoRequired(email, ids, token, redirectUrl)
    : new OrganizationAuthenticationMethodsRequired(email, ids, membership, redirectUrl);
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
    case 'prove_passkey':
      // A passkey answers to our own pages alone, so there is no factor that a code could be asked of. Nor may the app be
      // told to enrol one.
      return new MfaChallenge(pending, user, []);
    case 'enroll_mfa':
      return new MfaEnrollment(pending, user);
    case 'choose_organization':
      return new OrganizationSelectionRequired(pending, user, account.memberships);
    case 'change_method':
      return otherMethod(services, tenant, account.user.email, membershipOf(attempt, account), pending, null);
    case 'not_a_member':
      return new OrganizationMembershipNotFound(wantedOrganization(attempt) ?? '');
    // Steps that only our own pages ask for, or that the account's changes brought back.
    case 'identify':
    case 'impersonate':
    case 'prove':
    case 'tell_email':
    case 'make_account':
    case 'agree_to_join':
    case 'recovery_codes':
    case 'offer_passkey':
    case 'confirm_redirect':
      return new InvalidPendingAuthenticationToken(pending);
  }
}
