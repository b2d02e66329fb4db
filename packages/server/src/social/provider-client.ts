import { LRUCache } from 'lru-cache';
import * as openid from 'openid-client';
import { cache, type Database, minutes } from '../core/index.ts';
import { contractAt } from './contract-at.ts';
import type { Claims, OAuth2Contract, OidcContract, ProviderDescription } from './description.ts';
import type { OfferedProvider } from './offered.ts';
import { type Fetch, limited } from './outgoing.ts';
import { appleClientSecret } from './quirks/apple.ts';

/** How far a provider's clock may be from ours, in seconds. */
const clockToleranceSeconds = 60;

/** Discovery documents, as text by address. They change over months; a sign-in need not ask each time. */
const documents = cache<{ status: number; body: string }>({ max: 64, ttlMs: minutes(10) });

/** Signing keys by where they come from; the library asks again when it meets a key id that it does not know. */
const keys = new LRUCache<string, NonNullable<ReturnType<typeof openid.getJwksCache>>>({ max: 64 });

/** A provider as openid-client sees it. */
export interface ProviderClient {
  readonly config: openid.Configuration;
  readonly contract: OidcContract | OAuth2Contract;
}

/**
 * Everything needed to send a browser to a provider and to redeem what it brings back.
 *
 * @param fetch - calls to the provider; held to our limits here
 */
export async function providerClient(db: Database, offered: OfferedProvider, fetch: Fetch): Promise<ProviderClient> {
  const { description, credentials, base } = offered;
  const contract = contractAt(description, base);
  const authenticate = authenticationOf(description, credentials, contract);
  // One algorithm for ID tokens: what a token says of itself is no reason to believe it (RFC 8725 section 3.1).
  const metadata = { id_token_signed_response_alg: 'RS256', [openid.clockTolerance]: clockToleranceSeconds };
  const outgoing = remembering(db, completing(description, limited(fetch)));
  // Plain http is for our own simulated providers only.
  const execute = base?.startsWith('http:') ? [openid.allowInsecureRequests] : [];
  const config = isDiscovered(contract)
    ? await openid.discovery(new URL(contract.issuer), credentials.clientId, metadata, authenticate, {
        [openid.customFetch]: outgoing,
        execute,
      })
    : new openid.Configuration(listed(contract), credentials.clientId, metadata, authenticate);
  config[openid.customFetch] = outgoing;
  for (const extension of execute) extension(config);
  if (contract.kind === 'oidc') {
    // A token that came over TLS could be trusted without; we look at the signature all the same.
    openid.enableNonRepudiationChecks(config);
    const known = keys.get(contract.issuer);
    if (known) openid.setJwksCache(config, known);
  }
  return { config, contract };
}

/** Keeps the keys that were fetched, for the next sign-in. */
export function rememberKeys({ config, contract }: ProviderClient): void {
  const fetched = contract.kind === 'oidc' ? openid.getJwksCache(config) : undefined;
  if (fetched && contract.kind === 'oidc') keys.set(contract.issuer, fetched);
}

const isDiscovered = (contract: OidcContract | OAuth2Contract): contract is OidcContract =>
  contract.kind === 'oidc' && contract.endpoints === 'discovered';

function listed(contract: OidcContract | OAuth2Contract): openid.ServerMetadata {
  const { endpoints } = contract;
  if (endpoints === 'discovered') throw new Error('The endpoints are not listed.');
  return {
    // The library wants one of plain OAuth as well; its own address stands in.
    issuer: contract.issuer ?? new URL(endpoints.authorization).origin,
    authorization_endpoint: endpoints.authorization,
    token_endpoint: endpoints.token,
    ...('jwks' in endpoints ? { jwks_uri: endpoints.jwks } : {}),
    ...('userInfo' in endpoints && endpoints.userInfo ? { userinfo_endpoint: endpoints.userInfo } : {}),
  };
}

function authenticationOf(
  { clientAuthentication }: ProviderDescription,
  { clientId, secret }: OfferedProvider['credentials'],
  contract: OidcContract | OAuth2Contract,
): openid.ClientAuth {
  if (secret.kind === 'text') {
    return clientAuthentication === 'client_secret_basic'
      ? openid.ClientSecretBasic(secret.value)
      : openid.ClientSecretPost(secret.value);
  }
  const audience = contract.kind === 'oidc' ? contract.issuer : new URL(contract.endpoints.token).origin;
  return openid.ClientSecretPost(appleClientSecret(clientId, secret, audience, Math.floor(Date.now() / 1000)));
}

/** Answers discovery documents from memory. */
function remembering(db: Database, fetch: Fetch): Fetch {
  return async (url, init) => {
    if (!url.includes('/.well-known/openid-configuration')) return fetch(url, init);
    const { status, body } = await documents.get(db, url, async () => {
      const response = await fetch(url, init);
      // Only what is good is kept: a provider that was down for a moment is asked again.
      if (response.status !== 200) throw new Error(`The discovery document answers ${response.status}.`);
      return { status: response.status, body: await response.text() };
    });
    return new Response(body, { status, headers: { 'content-type': 'application/json' } });
  };
}

/** Lets a description put right what its provider's token answers lack. */
function completing({ completeTokenAnswer }: ProviderDescription, fetch: Fetch): Fetch {
  if (!completeTokenAnswer) return fetch;
  return async (url, init) => {
    const response = await fetch(url, init);
    if (init.method !== 'POST' || response.status !== 200) return response;
    const answer = (await response.json()) as Claims;
    return Response.json(completeTokenAnswer(answer), { status: 200 });
  };
}
