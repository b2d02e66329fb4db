import { z } from 'zod';
import { plainRequest } from '../attempts/index.ts';
import {
  anyone,
  base62,
  type Reply,
  type RequestInfo,
  type Route,
  reply,
  route,
  type Services,
  sameText,
  systemTenant,
  type Tenant,
} from '../core/index.ts';
import { type Client, defaultRedirectUri, getEnvironment, isShownHere } from '../environments/index.ts';
import { findMailedInvitation, findOrganization, type InvitationRow, stateOf } from '../organizations/index.ts';
import { displayName, findUser } from '../users/index.ts';
import { isSameOrigin } from './browser.ts';
import { ForgedForm, InvitationOver, SignInEndpointMissing } from './errors.ts';
import { hrefOf } from './go-to.ts';
import { invitationCookie, invitedScreen } from './invitation.ts';
import { invitePage } from './pages/index.ts';
import { acceptRedirect } from './redirects.ts';
import { startAttempt } from './start.ts';
import { sourceOf, viewOf } from './view.ts';

const tokenField = z.string().max(128).default('');

interface Mailed {
  readonly invitation: InvitationRow;
  readonly client: Client;
  readonly tenant: Tenant;
}

/** @throws {InvitationOver} when there is nothing to accept, with the way on for those who did already */
async function openMailed(services: Services, token: string): Promise<Mailed> {
  const invitation = await findMailedInvitation(services.db, token);
  if (!invitation || !isShownHere(services, invitation.environmentId)) throw over(null, null);
  const { client } = await getEnvironment(services, invitation.environmentId);
  const state = stateOf(invitation, services.now());
  if (state !== 'pending') throw over(client, state);
  return { invitation, client, tenant: systemTenant(invitation.environmentId) };
}

function over(client: Client | null, state: 'accepted' | 'expired' | 'revoked' | null): InvitationOver {
  const isAccepted = state === 'accepted';
  return new InvitationOver({
    heading: isAccepted ? 'organizations.acceptedHeading' : 'organizations.overHeading',
    message: isAccepted ? 'organizations.acceptedWhy' : 'organizations.overWhy',
    advice: isAccepted ? 'errors.signInFromApp' : 'organizations.overAdvice',
    restart: isAccepted && client?.signInEndpoint ? { label: 'signIn.signIn', url: client.signInEndpoint } : null,
    clientId: client?.clientId ?? null,
  });
}

/** Bound to the token, which only the page of this very invitation knows. */
const csrfOf = ({ vault }: Services, token: string): string => base62(vault.mac('invite-csrf', token));

const show = route(
  {
    operationId: 'showInvitation',
    method: 'GET',
    path: '/invite',
    summary: 'The page that a mailed invitation opens',
    auth: anyone('the link carries the invitation’s token; opening it accepts nothing'),
    query: z.object({ invitation_token: tokenField }),
    returns: { status: 200 },
    errors: [InvitationOver],
    page: true,
  },
  async ({ query, request }, services) => {
    const token = query.invitation_token;
    const { invitation, client, tenant } = await openMailed(services, token);
    const { organizationId, inviterUserId, email } = invitation;
    const organization = organizationId === null ? null : await findOrganization(services.db, tenant, organizationId);
    const inviter = inviterUserId === null ? null : await findUser(services.db, tenant, inviterUserId);
    const view = await viewOf(services, client, request);
    return reply.page(
      (nonce) =>
        invitePage({
          ...view(nonce),
          form: { action: '/invite', csrf: csrfOf(services, token), step: 'invitation', token },
          email,
          organizationName: organization?.name ?? null,
          inviterName: inviter && displayName(inviter),
        }),
      { formTargets: client.signInEndpoint === null ? [] : [sourceOf(client.signInEndpoint)] },
    );
  },
);

const submit = route(
  {
    operationId: 'submitInvitation',
    method: 'POST',
    path: '/invite',
    summary: 'Go on with a mailed invitation: it is accepted by the sign-in that follows',
    auth: anyone('the form carries the invitation’s token'),
    body: z.object({ csrf: z.string().max(128).default(''), invitation_token: tokenField }),
    returns: { status: 303 },
    errors: [InvitationOver, ForgedForm, SignInEndpointMissing],
    page: true,
    form: true,
  },
  async ({ body, request }, services) => {
    const token = body.invitation_token;
    const { invitation, client, tenant } = await openMailed(services, token);
    if (!sameText(body.csrf, csrfOf(services, token)) || !isSameOrigin(services, request)) {
      throw new ForgedForm({
        heading: 'errors.forgedForm',
        message: 'errors.forgedFormWhy',
        advice: 'errors.forgedFormAdvice',
        clientId: client.clientId,
      });
    }
    const cookie = invitationCookie(client.environment.id, token);
    // The app begins the sign-in, as one whose callback gets a code it did not ask for refuses it.
    if (client.signInEndpoint) return reply.redirect(client.signInEndpoint, { status: 303, cookies: [cookie] });
    return beginHere(services, client, tenant, invitation, request);
  },
);

/** Without a sign-in endpoint the app gets its code where it gets them by default. */
async function beginHere(
  services: Services,
  client: Client,
  tenant: Tenant,
  invitation: InvitationRow,
  request: RequestInfo,
): Promise<Reply> {
  const redirectUri = await defaultRedirectUri(services, client);
  if (redirectUri === null)
    throw new SignInEndpointMissing({
      heading: 'errors.noEndpoint',
      message: 'errors.noEndpointWhy',
      advice: 'errors.noEndpointAdvice',
      clientId: client.clientId,
    });
  const { isOnSharedGround } = await acceptRedirect(services, client, redirectUri);
  const screenHint = await invitedScreen(services, tenant, invitation);
  const { open, cookies } = await startAttempt(
    services,
    client,
    {
      ...plainRequest,
      destination: {
        kind: 'app',
        redirectUri,
        state: null,
        codeChallenge: null,
        isOnSharedGround,
        stepUps: 'pages',
      },
      screenHint,
      loginHint: invitation.email,
      invitationId: invitation.id,
    },
    request,
  );
  return reply.redirect(hrefOf(screenHint === 'sign-up' ? '/sign-up' : '/sign-in', open.attempt), {
    status: 303,
    cookies,
  });
}

export const inviteRoutes: readonly Route[] = [show, submit];
