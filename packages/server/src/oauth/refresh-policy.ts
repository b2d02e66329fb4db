import { findAccount, policyStep } from '../attempts/index.ts';
import type { Services } from '../core/index.ts';
import { addressOf, type Client, defaultRedirectUri } from '../environments/index.ts';
import { findOrganization, OrganizationMembershipNotFound, OrganizationNotFound } from '../organizations/index.ts';
import type { SessionRow } from '../sessions/index.ts';
import type { UserRow } from '../users/index.ts';
import type { AuthenticatedClient } from './client-authentication.ts';
import { InvalidGrant, MfaEnrollmentAtRefresh } from './errors.ts';
import { otherMethod } from './step-ups.ts';

/**
 * Whether a session may go on, in the organization it is in or in another one: the account is there, the membership is
 * active, and what was proved when it began satisfies what environment and organization ask today.
 *
 * @returns the person as they were found
 * @throws what SDKs send the person to sign in again for, with `authkit_redirect_url`
 */
export async function assertMayGoOn(
  services: Services,
  { client, tenant }: AuthenticatedClient,
  session: SessionRow,
  organizationId: string | null,
): Promise<UserRow> {
  const account = await findAccount(services, tenant, session);
  if (!account) throw new InvalidGrant('Session has already ended.');
  const membership = account.memberships.find((each) => each.organizationId === organizationId) ?? null;
  if (organizationId !== null && !membership) {
    const isKnown = await findOrganization(services.db, tenant, organizationId);
    throw isKnown ? new OrganizationMembershipNotFound(organizationId) : new OrganizationNotFound(organizationId);
  }
  const again = await signInAgainUrl(services, client, organizationId);
  switch (policyStep(session.proven, account, client.environment.settings, membership)) {
    case 'change_method':
      throw await otherMethod(services, tenant, account.user.email, membership, null, again);
    case 'mfa':
    case 'prove_passkey':
    case 'enroll_mfa':
      throw new MfaEnrollmentAtRefresh(again);
    case null:
      return account.user;
  }
}

/** A whole authorization request that asks for what is missing. */
async function signInAgainUrl(services: Services, client: Client, organizationId: string | null): Promise<string> {
  const query = new URLSearchParams({ client_id: client.clientId, response_type: 'code', provider: 'authkit' });
  const redirectUri = await defaultRedirectUri(services, client);
  if (redirectUri !== null) query.set('redirect_uri', redirectUri);
  if (organizationId !== null) query.set('organization_id', organizationId);
  return `${addressOf(services.config, client.environment)}/user_management/authorize?${query}`;
}
