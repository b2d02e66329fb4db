import { z } from 'zod';
import { anyone, apiKey, EntityNotFound, type Route, reply, route } from '../core/index.ts';
import { protocolOf } from './connection.ts';
import { ConnectionInvalid, InvalidAccessToken } from './errors.ts';
import { endSessionEndpoint } from './oidc/index.ts';
import { Profile, toProfileWire } from './schema.ts';
import { issueSignOut, type Named, profileOfToken, redeemSignOut } from './tokens.ts';

const wireOf = ({ profile, connection }: Named) => toProfileWire(profile, connection);

const profile = route(
  {
    operationId: 'getSsoProfile',
    method: 'GET',
    path: '/sso/profile',
    summary: 'Get the profile an SSO access token speaks of',
    auth: anyone('the access token of `/sso/token`, as Bearer'),
    returns: { status: 200, body: Profile },
    errors: [InvalidAccessToken],
  },
  async ({ request }, services) => wireOf(await profileOfToken(services, request.authorization)),
);

const SsoLogoutAuthorizeResponse = z
  .object({ logout_url: z.string().describe('Send the browser there.'), logout_token: z.string() })
  .meta({ id: 'SsoLogoutAuthorizeResponse' });

const authorizeSignOut = route(
  {
    operationId: 'authorizeSsoLogout',
    method: 'POST',
    path: '/sso/logout/authorize',
    summary: 'Get the address that signs a person out at their identity provider',
    auth: apiKey('sso:write'),
    body: z.object({ profile_id: z.string().max(128).describe('`prof_…`') }),
    returns: { status: 200, body: SsoLogoutAuthorizeResponse },
    errors: [EntityNotFound, ConnectionInvalid],
  },
  async ({ tenant, body }, services) => {
    const { token: issued, connection } = await issueSignOut(services, tenant, body.profile_id);
    if (protocolOf(connection) !== 'oidc' || (await endSessionEndpoint(services, connection)) === null)
      throw new ConnectionInvalid('Single Logout is only supported for OpenID connections that offer it.');
    const logoutToken = issued.reveal();
    const query = new URLSearchParams({ token: logoutToken });
    return { logout_url: `${services.config.publicUrl}/sso/logout?${query}`, logout_token: logoutToken };
  },
);

const signOut = route(
  {
    operationId: 'ssoLogout',
    method: 'GET',
    path: '/sso/logout',
    summary: 'Sign out at the identity provider',
    auth: anyone('a browser navigation with a token of `/sso/logout/authorize`, which works once'),
    query: z.object({ token: z.string().max(256) }),
    returns: { status: 302, description: 'To the identity provider.' },
    errors: [EntityNotFound, ConnectionInvalid],
  },
  async ({ query }, services) => {
    const connection = await redeemSignOut(services, query.token);
    const endpoint = await endSessionEndpoint(services, connection);
    if (endpoint === null) throw new ConnectionInvalid('The identity provider does not say where people sign out.');
    const url = new URL(endpoint);
    // OpenID Connect RP-Initiated Logout section 2: without an ID token the client says who it is.
    url.searchParams.set('client_id', connection.clientId ?? '');
    return reply.redirect(url.href);
  },
);

export const profileRoutes: readonly Route[] = [profile, authorizeSignOut, signOut];
