import type { CookieToSet, RequestInfo, Services, Tenant } from '../core/index.ts';
import type { Client } from '../environments/index.ts';
import { findInvitation, findOpenInvitation, findOrganization, type InvitationRow } from '../organizations/index.ts';
import { findUserByEmail } from '../users/index.ts';
import type { OpenAttempt } from './browser.ts';
import { InvitationOver } from './errors.ts';
import type { WantedSignIn } from './request.ts';

/** How long the way from the mailed link through the app and back may take. */
const rememberedSeconds = 10 * 60;

/** One per environment: one origin serves many. */
const cookieName = (environmentId: string): string =>
  `authkit-invitation-${environmentId.slice('environment_'.length).toLowerCase()}`;

/**
 * Remembers an invitation while the browser goes to the app, which begins the sign-in and knows nothing of it. The app
 * need not carry a secret that is no business of its address bar.
 */
export const invitationCookie = (environmentId: string, token: string): CookieToSet => ({
  name: cookieName(environmentId),
  value: token,
  maxAgeSeconds: rememberedSeconds,
});

export const forgottenInvitation = (environmentId: string): CookieToSet => ({
  name: cookieName(environmentId),
  value: '',
});

/**
 * The invitation a sign-in begins with: the one the app names, else the one this browser came for a moment ago.
 *
 * @throws {InvitationOver} when the app names one that does not work (any more)
 */
export async function invitationFor(
  services: Services,
  client: Client,
  tenant: Tenant,
  { invitationToken }: Pick<WantedSignIn, 'invitationToken'>,
  request: RequestInfo,
): Promise<InvitationRow | null> {
  if (invitationToken === null) {
    const remembered = request.cookie(cookieName(client.environment.id));
    return remembered === null ? null : findOpenInvitation(services, tenant, remembered);
  }
  const invitation = await findOpenInvitation(services, tenant, invitationToken);
  if (invitation) return invitation;
  throw new InvitationOver({
    heading: 'organizations.overHeading',
    message: 'organizations.overWhy',
    advice: 'organizations.overAdvice',
    restart: { label: 'organizations.without', url: withoutInvitation(request.url) },
    clientId: client.clientId,
  });
}

/** The same request, byte for byte, without the invitation. */
function withoutInvitation(url: string): string {
  const [path = '', query = ''] = [url.slice(0, url.indexOf('?')), url.slice(url.indexOf('?') + 1)];
  return `${path}?${query
    .split('&')
    .filter((pair) => !pair.startsWith('invitation_token='))
    .join('&')}`;
}

/** The page an invited person begins at. Whoever holds the token may know whether the invited address has an account. */
export async function invitedScreen(
  { db }: Pick<Services, 'db'>,
  tenant: Tenant,
  invitation: InvitationRow,
): Promise<'sign-in' | 'sign-up'> {
  return (await findUserByEmail(db, tenant, invitation.email)) ? 'sign-in' : 'sign-up';
}

export interface Invitation {
  readonly invitation: InvitationRow;
  /** The name of what it is to: an organization, or the application alone. */
  readonly where: string;
}

/** The invitation an attempt began with, whatever became of it. */
export async function invitationOf(
  { db }: Pick<Services, 'db'>,
  { attempt, client, tenant }: OpenAttempt,
): Promise<Invitation | null> {
  const { invitationId } = attempt.request;
  const invitation = invitationId === null ? null : await findInvitation(db, tenant, invitationId);
  if (!invitation) return null;
  const { organizationId } = invitation;
  const organization = organizationId === null ? null : await findOrganization(db, tenant, organizationId);
  return { invitation, where: organization?.name ?? client.applicationName };
}
