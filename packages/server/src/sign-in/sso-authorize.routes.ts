import { z } from 'zod';
import {
  anyone,
  authenticatedTenant,
  countAgainst,
  type Limit,
  minutes,
  networkOf,
  type Reply,
  type RequestInfo,
  type Route,
  reply,
  route,
  type Services,
} from '../core/index.ts';
import { limitFactor } from '../environments/index.ts';
import { socialProviders } from '../protocol/index.ts';
import { beginSsoTrip, ProviderUnreachable, recordSignOn } from '../sso/index.ts';
import { clientOf, redirectUriOf, refuse } from './authorize.ts';
import { signInErrors } from './errors.ts';
import { acceptRedirect } from './redirects.ts';
import { maxStateLength, rawState } from './request.ts';
import { selectConnection } from './selector.ts';
import { readSsoRequest } from './sso-request.ts';

const SsoAuthorizeQuery = z.object({
  response_type: z.string().describe('`code`'),
  client_id: z.string().describe('`client_…`'),
  redirect_uri: z.string().describe('One of the registered redirect URIs.'),
  connection: z.string().optional().describe('`conn_…`: the identity provider to sign in at.'),
  organization: z.string().optional().describe('`org_…`: the one of that organization.'),
  provider: z
    .enum(socialProviders)
    .optional()
    .describe('Not offered here: name it at `GET /user_management/authorize`.'),
  domain: z
    .string()
    .optional()
    .describe('The one of the organization that has verified this domain.')
    .meta({ deprecated: true }),
  state: z.string().optional().describe('Comes back byte for byte.'),
  login_hint: z.string().optional(),
  domain_hint: z.string().optional(),
  prompt: z.literal('login').optional().describe('Asks for a new proof of the person.'),
  nonce: z.string().optional(),
  provider_scopes: z.array(z.string()).optional(),
  provider_query_params: z.record(z.string(), z.string()).optional(),
});

/** Baseline of the published service. */
const perConnection: Limit = { name: 'sso-authorize', max: 1000, windowMs: minutes(1) };
const perNetwork: Limit = { name: 'sso-authorize-network', max: 120, windowMs: minutes(1) };

const start = route(
  {
    operationId: 'ssoAuthorize',
    method: 'GET',
    path: '/sso/authorize',
    summary: "Start a sign-on at an organization's identity provider, for a profile instead of a session",
    description:
      'Problems are told to the app as `error` and `error_description`, unless its redirect URI is not registered. Redeem the `code` at `POST /sso/token`.',
    auth: anyone('a browser navigation; the client is known by its redirect URI'),
    query: z.record(z.string(), z.unknown()),
    documentedQuery: SsoAuthorizeQuery,
    returns: { status: 302, description: 'To the identity provider, or back to the app with `error`.' },
    errors: signInErrors,
    page: true,
    documented: true,
  },
  ({ query, request }, services) => authorizeSso(services, query, request),
);

async function authorizeSso(
  services: Services,
  query: Readonly<Record<string, unknown>>,
  request: RequestInfo,
): Promise<Reply> {
  const client = await clientOf(services, query.client_id);
  const redirectUri = redirectUriOf(query.redirect_uri, client);
  await acceptRedirect(services, client, redirectUri);
  const state = rawState(request.url);
  if (state !== null && state.length > maxStateLength) {
    const description = `The parameter 'state' is longer than ${maxStateLength} characters.`;
    return refuse(redirectUri, { error: 'invalid_request', description }, null);
  }
  const wanted = readSsoRequest(query);
  if ('error' in wanted) return refuse(redirectUri, wanted, state);
  const { environment, clientId } = client;
  const tenant = authenticatedTenant(environment.id, { type: 'user', id: clientId, name: null });
  const connection = await selectConnection(services, tenant, wanted.selector);
  if ('error' in connection) return refuse(redirectUri, connection, state);
  const factor = limitFactor(services, environment);
  await countAgainst(services, perConnection, connection.id, factor);
  await countAgainst(services, perNetwork, `${environment.id} ${networkOf(request.ip)}`, factor);
  const purpose = { kind: 'client', clientId, redirectUri, state } as const;
  try {
    const url = await beginSsoTrip(services, tenant, connection, purpose, wanted.wishes);
    await services.db.transaction((tx) =>
      recordSignOn(services, tx, tenant, connection, request, { status: 'started' }),
    );
    return reply.redirect(url.href);
  } catch (error) {
    if (!(error instanceof ProviderUnreachable)) throw error;
    services.log.warn({ err: error, connectionId: connection.id }, 'An identity provider cannot be reached');
    return refuse(
      redirectUri,
      { error: 'oauth_failed', description: 'The identity provider cannot be reached.' },
      state,
    );
  }
}

export const ssoAuthorizeRoutes: readonly Route[] = [start];
