import { LRUCache } from 'lru-cache';
import * as openid from 'openid-client';
import { cache, type Fetch, minutes, outbound } from '../../core/index.ts';
import { type ConnectionRow, secretOf } from '../connection.ts';
import type { SignOnServices } from '../exchange.ts';

/** How far a provider's clock may be from ours, in seconds. */
const clockToleranceSeconds = 60;

/** Signatures we take, best known first; none that a shared secret or nobody could make (RFC 8725 section 3.1). */
const algorithms = [
  'RS256',
  'PS256',
  'ES256',
  'RS384',
  'PS384',
  'ES384',
  'RS512',
  'PS512',
  'ES512',
  'Ed25519',
  'EdDSA',
];

/** Discovery documents, as text by address. They change over months; a sign-in need not ask each time. */
const documents = cache<string>({ max: 500, ttlMs: minutes(10) });

type Keys = NonNullable<ReturnType<typeof openid.getJwksCache>>;
/** By connection and key set; the library asks again when it meets a key id that it does not know. */
const keys = new LRUCache<string, Keys>({ max: 500 });

/** A provider as openid-client sees it. */
export interface OidcClient {
  readonly config: openid.Configuration;
  readonly keysUnder: string;
}

/** Everything needed to send a browser to a provider and to redeem what it brings back. */
export async function oidcClient(services: SignOnServices, connection: ConnectionRow): Promise<OidcClient> {
  const { clientId } = connection;
  const secret = secretOf(services, connection);
  if (clientId === null || secret === null) throw new Error('The connection has no client ID or no client secret.');
  const server = await discover(services, connection);
  const offered = server.id_token_signing_alg_values_supported ?? ['RS256'];
  const algorithm = algorithms.find((name) => offered.includes(name));
  if (!algorithm) throw new Error('The provider signs ID tokens with nothing that we take.');
  // One algorithm: what a token says of itself is no reason to believe it.
  const metadata = { id_token_signed_response_alg: algorithm, [openid.clockTolerance]: clockToleranceSeconds };
  const config = new openid.Configuration(server, clientId, metadata, authenticationOf(server, secret));
  config[openid.customFetch] = outbound(services);
  // Plain http leads no further than this machine; see `outbound`.
  openid.allowInsecureRequests(config);
  // A token that came over TLS could be trusted without; we look at the signature all the same.
  openid.enableNonRepudiationChecks(config);
  const keysUnder = `${connection.id} ${server.jwks_uri}`;
  const known = keys.get(keysUnder);
  if (known) openid.setJwksCache(config, known);
  return { config, keysUnder };
}

/** Keeps the keys that were fetched, for the next sign-in. */
export function rememberKeys({ config, keysUnder }: OidcClient): void {
  const fetched = openid.getJwksCache(config);
  if (fetched) keys.set(keysUnder, fetched);
}

/**
 * In the body where the provider takes it there: secrets in the header are encoded twice (RFC 6749 section 2.3.1), which not
 * every provider undoes. It is the header unless the provider says otherwise (OpenID Connect Discovery section 3).
 */
const authenticationOf = (server: openid.ServerMetadata, secret: string): openid.ClientAuth =>
  server.token_endpoint_auth_methods_supported?.includes('client_secret_post')
    ? openid.ClientSecretPost(secret)
    : openid.ClientSecretBasic(secret);

/** The provider's own description of itself. It names its issuer, which has to be the one that was entered. */
async function discover(services: SignOnServices, { issuer }: ConnectionRow): Promise<openid.ServerMetadata> {
  if (issuer === null) throw new Error('The connection has no issuer.');
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const text = await documents.get(services.db, address, () => read(outbound(services), address));
  const document = JSON.parse(text) as openid.ServerMetadata;
  if (document.issuer !== issuer)
    throw new Error(`The discovery document is of the issuer '${String(document.issuer).slice(0, 200)}'.`);
  return document;
}

async function read(fetch: Fetch, address: string): Promise<string> {
  const response = await fetch(address, { headers: { accept: 'application/json' } });
  // Only what is good is kept: a provider that was down for a moment is asked again.
  if (response.status !== 200) throw new Error(`The discovery document answers ${response.status}.`);
  return response.text();
}

/** Where the provider signs people out; null when it has no such place. */
export async function endSessionEndpoint(services: SignOnServices, connection: ConnectionRow): Promise<string | null> {
  const { end_session_endpoint: endpoint } = await discover(services, connection);
  return typeof endpoint === 'string' && URL.canParse(endpoint) ? endpoint : null;
}
