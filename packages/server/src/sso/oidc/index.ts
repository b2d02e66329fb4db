/** OpenID Connect: our side of a sign-on at an organization's identity provider. */
import * as openid from 'openid-client';
import { readAssertion } from '../assertion.ts';
import type { ConnectionRow } from '../connection.ts';
import { type Checks, ProviderUnreachable, type SignOnResult, type SignOnServices, type Wishes } from '../exchange.ts';
import { claimsToAssertion } from './claims.ts';
import { oidcClient, rememberKeys } from './client.ts';
import { reasonOf } from './reason.ts';

export { endSessionEndpoint } from './client.ts';

/** Where the provider sends people back to. Of each connection its own, so that no provider answers for another. */
export const oidcCallbackUrl = (
  { config }: Pick<SignOnServices, 'config'>,
  { id }: Pick<ConnectionRow, 'id'>,
): string => `${config.publicUrl}/sso/oidc/callback/${id}`;

const scopes = ['openid', 'profile', 'email'];

/** What ties the answer to this question is ours alone to set. */
const reserved = new Set([
  'client_id',
  'client_secret',
  'redirect_uri',
  'response_type',
  'response_mode',
  'scope',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'request',
  'request_uri',
]);

/** @throws {ProviderUnreachable} */
export async function beginOidc(
  services: SignOnServices,
  connection: ConnectionRow,
  { state, nonce, codeVerifier }: Checks,
  { loginHint, domainHint, scopes: more = [], parameters = {}, asksAgain }: Wishes,
): Promise<URL> {
  const { config } = await reach(services, connection);
  return openid.buildAuthorizationUrl(config, {
    ...Object.fromEntries(Object.entries(parameters).filter(([name]) => !reserved.has(name))),
    ...(asksAgain ? { prompt: 'login' } : {}),
    ...(loginHint ? { login_hint: loginHint } : {}),
    ...(domainHint ? { domain_hint: domainHint } : {}),
    redirect_uri: oidcCallbackUrl(services, connection),
    scope: [...new Set([...scopes, ...more])].join(' '),
    state,
    nonce,
    code_challenge: await openid.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
  });
}

async function reach(services: SignOnServices, connection: ConnectionRow): ReturnType<typeof oidcClient> {
  try {
    return await oidcClient(services, connection);
  } catch (error) {
    throw new ProviderUnreachable(reasonOf(error), { cause: error });
  }
}

/** How providers say that the person, or who may not sign in, was turned away. */
const refusals = new Set(['access_denied', 'consent_required', 'interaction_required', 'login_required']);

/**
 * Redeems the code and checks everything that comes with it: state, code verifier, nonce, issuer, audience, signature,
 * times, `iss` in the answer (RFC 9207).
 */
export async function endOidc(
  services: SignOnServices,
  connection: ConnectionRow,
  { state, nonce, codeVerifier }: Checks,
  parameters: URLSearchParams,
): Promise<SignOnResult> {
  try {
    const client = await oidcClient(services, connection);
    const url = new URL(oidcCallbackUrl(services, connection));
    for (const [name, value] of parameters) url.searchParams.append(name, value);
    const answer = await openid.authorizationCodeGrant(client.config, url, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: codeVerifier,
      idTokenExpected: true,
    });
    rememberKeys(client);
    const claims = answer.claims();
    if (!claims) return { outcome: 'failed', reason: 'there is no ID token' };
    // The subjects are compared: an access token of somebody else's must not lend its profile.
    const more =
      claims.email === undefined && client.config.serverMetadata().userinfo_endpoint !== undefined
        ? await openid.fetchUserInfo(client.config, answer.access_token, claims.sub)
        : {};
    const assertion = readAssertion(claimsToAssertion(connection, { ...more, ...claims }));
    return assertion ? { outcome: 'identified', assertion } : { outcome: 'failed', reason: 'nobody was named' };
  } catch (error) {
    if (error instanceof openid.AuthorizationResponseError && refusals.has(error.error)) return { outcome: 'refused' };
    return { outcome: 'failed', reason: reasonOf(error) };
  }
}
