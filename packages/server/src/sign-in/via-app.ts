import { z } from 'zod';
import {
  authenticatedTenant,
  type CookieToSet,
  type Reply,
  type RequestInfo,
  reply,
  type Services,
} from '../core/index.ts';
import { type Client, findClient, firstEnvironment, toRedirects } from '../environments/index.ts';
import { SignInEndpointMissing } from './errors.ts';
import { invitationCookie, invitationFor } from './invitation.ts';
import { answerUrl } from './request.ts';
import { countRound } from './rounds.ts';

const given = (length: number) => z.string().min(1).max(length).optional().catch(undefined);

/** What a link to our first page may bring; the same names as at the authorization endpoint. */
export const viaAppQuery = {
  client_id: z.string().max(128).optional(),
  screen_hint: z.enum(['sign-up', 'sign-in']).optional().catch(undefined),
  login_hint: given(254),
  organization_id: given(64),
  invitation_token: given(128),
  password_reset_token: given(256),
};

type ViaApp = z.output<z.ZodObject<typeof viaAppQuery>>;

/**
 * A bookmark or a link has no app waiting for its answer, and an app whose callback gets a code it did not ask for
 * refuses it. So the sign-in begins at the app, which is handed what the link brought.
 *
 * Secrets do not go by way of the app, where they would lie in addresses and depend on its handing them on: the browser
 * remembers an invitation, and a link for a new password opens here.
 */
export async function viaApp(services: Services, query: ViaApp, request: RequestInfo): Promise<Reply> {
  const { client_id: clientId, invitation_token: invitation, password_reset_token: reset } = query;
  const { screen_hint, login_hint, organization_id } = query;
  if (reset !== undefined) return reply.redirect(`/reset-password?token=${encodeURIComponent(reset)}`);
  const client =
    clientId === undefined ? (await firstEnvironment(services))?.client : await findClient(services, clientId);
  if (!client?.signInEndpoint) throw noEndpoint(client ?? null);
  const cookies = [countRound(services, client, 'endpoint', request)];
  if (invitation !== undefined) cookies.push(await remembered(services, client, invitation, request));
  return reply.redirect(answerUrl(client.signInEndpoint, present({ screen_hint, login_hint, organization_id }), null), {
    cookies,
  });
}

/** @throws {InvitationOver} when it does not work (any more), here rather than on the other side of the app */
async function remembered(
  services: Services,
  client: Client,
  invitationToken: string,
  request: RequestInfo,
): Promise<CookieToSet> {
  const tenant = authenticatedTenant(client.environment.id, { type: 'user', id: client.clientId, name: null });
  await invitationFor(services, client, tenant, { invitationToken }, request);
  return invitationCookie(client.environment.id, invitationToken);
}

const present = (parameters: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined));

const noEndpoint = (client: Client | null): SignInEndpointMissing =>
  new SignInEndpointMissing({
    heading: 'errors.noEndpoint',
    message: 'errors.noEndpointWhy',
    advice: 'errors.noEndpointAdvice',
    clientId: client?.clientId ?? null,
    developer: {
      title: 'No sign-in endpoint is set',
      rows: [
        {
          label: 'What it is for',
          value: 'People who open this page directly are sent to it, and it starts the sign-in.',
        },
      ],
      fix: toRedirects,
    },
  });
