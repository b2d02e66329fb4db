import * as openid from 'openid-client';
import { after, minutes, newSecret, type Services, sha256, type Tenant } from '../core/index.ts';
import type { SocialProvider } from '../protocol/index.ts';
import type { Claims, OAuth2Contract, OidcContract } from './description.ts';
import { callbackUrl, type OfferedProvider } from './offered.ts';
import type { Fetch } from './outgoing.ts';
import { type Profile, readProfile } from './profile.ts';
import { type ProviderClient, providerClient, rememberKeys } from './provider-client.ts';
import { insertTrip, spendTrip, type TripRow } from './store.ts';
import type { ProviderTokens } from './tokens.ts';

const lifetimeMs = minutes(10);

/** What an app or a page may say of how the provider is asked. */
export interface TripWishes {
  readonly loginHint?: string | null;
  readonly domainHint?: string | null;
  /** More scopes (`provider_scopes`). */
  readonly scopes?: readonly string[];
  /** More parameters for the authorization endpoint (`provider_query_params`). */
  readonly parameters?: Readonly<Record<string, string>>;
  /** The person is to prove themselves anew. */
  readonly asksAgain?: boolean;
}

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

interface Checks {
  readonly nonce: string;
  readonly codeVerifier: string;
}

export class ProviderUnreachable extends Error {}

/**
 * Begins a journey: what ties its answer to it is written down, and the browser may go.
 *
 * @param attemptId - the sign-in it belongs to. It stands in `state`, so that the answer finds the sign-in, whose cookie
 *   proves the browser
 * @returns where to send the browser
 * @throws {ProviderUnreachable} when the provider does not say where its endpoints are
 */
export async function beginTrip(
  services: Pick<Services, 'db' | 'now' | 'vault' | 'config'>,
  tenant: Tenant,
  offered: OfferedProvider,
  attemptId: string,
  wishes: TripWishes,
  fetch: Fetch = globalThis.fetch,
): Promise<URL> {
  const { description } = offered;
  const { config, contract } = await reach(services, offered, fetch);
  const state = `${attemptId}.${newSecret().reveal()}`;
  const checks: Checks = { nonce: newSecret().reveal(), codeVerifier: newSecret().reveal() };
  const scopes = [...new Set([...description.scopes, ...(offered.row?.scopes ?? []), ...(wishes.scopes ?? [])])];
  const at = services.now();
  const trip = {
    stateHash: sha256(state),
    environmentId: tenant.environmentId,
    attemptId,
    provider: offered.provider,
    clientId: offered.credentials.clientId,
    scopes,
    redeemedAt: null,
    expiresAt: after(at, lifetimeMs),
    createdAt: at,
  };
  await insertTrip(services.db, { ...trip, sealedChecks: services.vault.seal(JSON.stringify(checks), placeOf(trip)) });
  return openid.buildAuthorizationUrl(config, {
    ...wishedParameters(offered, wishes),
    ...description.parameters,
    redirect_uri: callbackUrl(services, description),
    scope: scopes.join(' '),
    state,
    ...(contract.kind === 'oidc' && contract.returnsNonce ? { nonce: checks.nonce } : {}),
    ...(description.usesPkce
      ? {
          code_challenge: await openid.calculatePKCECodeChallenge(checks.codeVerifier),
          code_challenge_method: 'S256',
        }
      : {}),
  });
}

const placeOf = ({ environmentId, stateHash }: Pick<TripRow, 'environmentId' | 'stateHash'>): string =>
  `social_trips/${environmentId}/${stateHash}`;

function wishedParameters(
  { description }: OfferedProvider,
  { loginHint, domainHint, parameters = {}, asksAgain }: TripWishes,
): Record<string, string> {
  const { login, domain } = description.hints ?? {};
  return {
    ...(asksAgain ? description.askAgain : {}),
    ...(login && loginHint ? { [login]: loginHint } : {}),
    ...(domain && domainHint ? { [domain]: domainHint } : {}),
    ...Object.fromEntries(Object.entries(parameters).filter(([name]) => !reserved.has(name))),
  };
}

async function reach(services: Pick<Services, 'db'>, offered: OfferedProvider, fetch: Fetch): Promise<ProviderClient> {
  try {
    return await providerClient(services.db, offered, fetch);
  } catch (error) {
    throw new ProviderUnreachable(reasonOf(error), { cause: error });
  }
}

/** What a browser brought back. */
export type Arrival =
  | { readonly outcome: 'identified'; readonly profile: Profile; readonly tokens: ProviderTokens }
  /** The person said no there. */
  | { readonly outcome: 'refused' }
  /** Of no journey that is under way: unknown, spent, expired, or of another sign-in or provider. */
  | { readonly outcome: 'unknown' }
  /** @param reason - for the log */
  | { readonly outcome: 'failed'; readonly reason: string };

/** How providers say that the person refused; OAuth has one word, and not all use it. */
const refusals = new Set(['access_denied', 'user_cancelled_authorize', 'user_cancelled_login', 'consent_required']);

/** The sign-in that a `state` belongs to; what it says is believed only after the trip is found by the whole of it. */
export const attemptIdOf = (state: string): string | null =>
  /^(attempt_[0-9A-Z]{26})\.[0-9A-Za-z]{43}$/.exec(state)?.[1] ?? null;

/**
 * Ends a journey: the one write that finds it also spends it, then the code is redeemed and everything that comes back
 * is checked (state, code verifier, nonce, issuer, audience, signature, times, `iss` of RFC 9207).
 *
 * @param attemptId - of the sign-in whose cookie this browser has
 * @param parameters - the query, or the form that Apple posts
 */
export async function endTrip(
  services: Pick<Services, 'db' | 'now' | 'vault' | 'config'>,
  tenant: Tenant,
  provider: SocialProvider,
  offered: OfferedProvider | null,
  attemptId: string,
  parameters: URLSearchParams,
  fetch: Fetch = globalThis.fetch,
): Promise<Arrival> {
  const at = services.now();
  const [state, ...more] = parameters.getAll('state');
  if (state === undefined || more.length > 0) return { outcome: 'unknown' };
  const trip = await spendTrip(services.db, tenant, { stateHash: sha256(state), attemptId, provider }, at);
  if (!trip || trip.expiresAt <= at) return { outcome: 'unknown' };
  if (!offered || offered.credentials.clientId !== trip.clientId) {
    return { outcome: 'failed', reason: 'the provider was switched off or set up anew meanwhile' };
  }
  const checks = JSON.parse(services.vault.open(trip.sealedChecks, placeOf(trip))) as Checks;
  try {
    return await redeem(services, offered, trip, { ...checks, state }, parameters, fetch);
  } catch (error) {
    if (error instanceof openid.AuthorizationResponseError && refusals.has(error.error)) return { outcome: 'refused' };
    return { outcome: 'failed', reason: reasonOf(error) };
  }
}

async function redeem(
  services: Pick<Services, 'db' | 'now' | 'config'>,
  offered: OfferedProvider,
  trip: TripRow,
  { state, nonce, codeVerifier }: Checks & { readonly state: string },
  parameters: URLSearchParams,
  fetch: Fetch,
): Promise<Arrival> {
  const { description, provider } = offered;
  const client = await reach(services, offered, fetch);
  const { contract } = client;
  const isOidc = contract.kind === 'oidc';
  const answer = await openid.authorizationCodeGrant(
    client.config,
    answerUrl(services, offered, contract, parameters),
    {
      expectedState: state,
      idTokenExpected: isOidc,
      ...(isOidc && contract.returnsNonce ? { expectedNonce: nonce } : {}),
      ...(description.usesPkce ? { pkceCodeVerifier: codeVerifier } : {}),
    },
  );
  const { claims, emails } = isOidc
    ? { claims: await claimsOf(client, contract, answer), emails: null }
    : await readApi(client, contract, answer.access_token);
  rememberKeys(client);
  const profile = readProfile(description, claims, emails, parameters);
  if (!profile) return { outcome: 'failed', reason: 'the provider named nobody' };
  return { outcome: 'identified', profile, tokens: tokensOf(services, provider, trip, answer) };
}

/** The address that the browser came back to, with what the answer consists of and nothing else. */
function answerUrl(
  services: Pick<Services, 'config'>,
  { description }: OfferedProvider,
  { issuer }: OidcContract | OAuth2Contract,
  parameters: URLSearchParams,
): URL {
  const url = new URL(callbackUrl(services, description));
  for (const [name, value] of parameters) {
    // With no issuer to compare it with, `iss` says nothing; the callback of its own says whose answer it is.
    const isPart = name === 'iss' ? issuer !== undefined : name !== 'user';
    if (isPart) url.searchParams.append(name, value);
  }
  return url;
}

type TokenAnswer = Awaited<ReturnType<typeof openid.authorizationCodeGrant>>;

async function claimsOf({ config }: ProviderClient, contract: OidcContract, answer: TokenAnswer): Promise<Claims> {
  const claims = answer.claims();
  if (!claims) throw new Error('There is no ID token.');
  if (!contract.usesUserInfo) return claims;
  // The subjects are compared: an access token of somebody else's must not lend its profile.
  return { ...claims, ...(await openid.fetchUserInfo(config, answer.access_token, claims.sub)) };
}

async function readApi(
  { config }: ProviderClient,
  { endpoints }: OAuth2Contract,
  accessToken: string,
): Promise<{ claims: Claims; emails: unknown }> {
  const read = async (url: string): Promise<unknown> => {
    // GitHub turns away who does not say who asks.
    const headers = new Headers({ accept: 'application/json', 'user-agent': 'AuthKit' });
    const response = await openid.fetchProtectedResource(config, accessToken, new URL(url), 'GET', null, headers);
    if (response.status !== 200) throw new Error(`${new URL(url).pathname} answers ${response.status}.`);
    return response.json();
  };
  const claims = await read(endpoints.profile);
  if (typeof claims !== 'object' || claims === null) throw new Error('The profile is no object.');
  // Without the scope for it the list is refused; the person is then asked for an address instead.
  const emails = endpoints.emails ? await read(endpoints.emails).catch(() => null) : null;
  return { claims: claims as Claims, emails };
}

function tokensOf(
  { now }: Pick<Services, 'now'>,
  provider: SocialProvider,
  trip: TripRow,
  answer: TokenAnswer,
): ProviderTokens {
  const expiresIn = answer.expires_in;
  return {
    provider,
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token ?? null,
    expiresAt: expiresIn === undefined ? null : after(now(), expiresIn * 1000),
    // Absent means: as asked (RFC 6749 section 5.1). GitHub separates them by commas.
    scopes: answer.scope === undefined ? trip.scopes : answer.scope.split(/[ ,]+/).filter((scope) => scope !== ''),
  };
}

/** What went wrong, without what came with it: codes and tokens stay out of the log. */
function reasonOf(error: unknown): string {
  if (error instanceof openid.AuthorizationResponseError || error instanceof openid.ResponseBodyError) {
    return `the provider answered ${error.error.slice(0, 64)}`;
  }
  const { code, message, cause } = error as { code?: string; message?: string; cause?: unknown };
  const inner = cause instanceof Error && !code ? `: ${cause.message}` : '';
  return `${code ?? ''} ${message ?? 'unknown'}${inner}`.trim().slice(0, 300);
}
