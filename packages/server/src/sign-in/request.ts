export { answerUrl } from '../core/index.ts';

import { z } from 'zod';
import { type SocialProvider, socialProviders } from '../protocol/index.ts';
import { isSocialProvider, type TripWishes } from '../social/index.ts';

/** Query of `GET /user_management/authorize`. What is wrong with it is told to the app, so it is read leniently first. */
export const AuthorizeQuery = z.object({
  response_type: z.string().describe('`code`'),
  client_id: z.string().describe('`client_…`'),
  redirect_uri: z.string().describe('One of the registered redirect URIs.'),
  provider: z
    .enum(['authkit', ...socialProviders])
    .optional()
    .describe('`authkit` for our hosted pages; any other goes straight to that provider.'),
  connection_id: z.string().optional().describe('`conn_…`: straight to that identity provider of an organization.'),
  organization_id: z
    .string()
    .optional()
    .describe(
      'With provider `authkit`: the organization the person is to sign in to. Alone: straight to its identity provider.',
    ),
  domain_hint: z.string().optional().describe('Handed on to providers that know such a hint.'),
  login_hint: z.string().optional().describe('Fills in the e-mail address.'),
  screen_hint: z.enum(['sign-up', 'sign-in']).optional(),
  state: z.string().optional().describe('Comes back byte for byte.'),
  code_challenge: z.string().optional().describe('RFC 7636; 43 characters, base64url.'),
  code_challenge_method: z.literal('S256').optional(),
  provider_scopes: z.array(z.string()).optional().describe('Asked of the provider besides the usual ones.'),
  provider_query_params: z
    .record(z.string(), z.string())
    .optional()
    .describe('Handed on to the provider: `provider_query_params[hd]=example.com`.'),
  invitation_token: z.string().optional().describe('The invitation that this sign-in accepts.'),
  password_reset_token: z.string().optional().describe('Begins at the page that sets a new password.'),
  prompt: z.string().optional().describe('`login` asks again even when the person is signed in; `none` never asks.'),
  ui_locales: z
    .string()
    .optional()
    .describe('Languages of the pages, best first, by spaces (BCP 47): `de-AT de`. The browser’s when not given.'),
  max_age: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe('Seconds since the last proof; asks again when it is older.'),
});

/** What an app may read as `error` at its callback: RFC 6749 section 4.1.2.1, OpenID Connect Core section 3.1.2.6, the published contract. */
export const appErrorCodes = [
  'access_denied',
  'ambiguous_connection_selector',
  'connection_domain_invalid',
  'connection_invalid',
  'connection_strategy_invalid',
  'connection_unlinked',
  'domain_connection_selector_not_allowed',
  'interaction_required',
  'invalid_connection_selector',
  'invalid_request',
  'login_required',
  'oauth_failed',
  'organization_invalid',
  'profile_not_allowed_outside_organization',
  'signin_consent_denied',
  'unsupported_response_type',
] as const;

/** An error for the app. */
export interface AppError {
  readonly error: (typeof appErrorCodes)[number];
  readonly description: string;
}

/** How an app says at whose identity provider the person signs in. */
export type Selector =
  | { readonly by: 'connection'; readonly id: string }
  | { readonly by: 'organization'; readonly id: string }
  /** The older form: a domain that an organization with a connection has proved. */
  | { readonly by: 'domain'; readonly domain: string };

export interface WantedSignIn {
  readonly codeChallenge: string | null;
  readonly screenHint: 'sign-in' | 'sign-up';
  readonly loginHint: string | null;
  /** A link for a new password that an app took from its person; null when it sent none. */
  readonly passwordResetToken: string | null;
  readonly uiLocales: string | null;
  /** The values of `prompt`, which is a list (OpenID Connect Core section 3.1.2.1). */
  readonly prompts: readonly string[];
  /** Seconds. */
  readonly maxAge: number | null;
  /** The one provider the app wants the person to come from; null for our pages. */
  readonly provider: SocialProvider | null;
  /** At whose identity provider, where the app named a connection, or an organization alone. */
  readonly selector: Selector | null;
  readonly organizationId: string | null;
  readonly invitationToken: string | null;
  /** How that provider is to be asked. */
  readonly providerWishes: Pick<TripWishes, 'scopes' | 'parameters' | 'domainHint'>;
}

/** No address is longer (RFC 5321 section 4.5.3.1.3). */
export const maxHintLength = 254;
/** It is kept with the attempt, which anybody may begin; SDKs send up to 2.5 KB. */
export const maxStateLength = 16 * 1024;
/** A dozen language tags. */
const maxLocalesLength = 128;
const maxScopes = 50;
const maxParameterLength = 1024;

export type Sent = Readonly<Record<string, unknown>>;

/** Parameters that may come more than once; any other is refused (RFC 6749 section 3.1). */
const repeatable = new Set(['provider_scopes', 'provider_scopes[]']);

export const repeatedParameter = (sent: Sent): string | null =>
  Object.entries(sent).find(([name, value]) => Array.isArray(value) && !repeatable.has(name))?.[0] ?? null;

/** What the app wants, or the error it is told. Called once the redirect URI is known to be the app's. */
export function readAuthorizeRequest(sent: Sent): WantedSignIn | AppError {
  const repeated = repeatedParameter(sent);
  if (repeated !== null) return invalid(`The parameter '${repeated}' was sent more than once.`);
  // A parameter without a value counts as not sent (RFC 6749 section 3.1).
  const query: Sent = Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== ''));
  if (query.response_type === undefined) return invalid("The parameter 'response_type' is missing; send 'code'.");
  if (query.response_type !== 'code')
    return { error: 'unsupported_response_type', description: "Only response_type 'code' is supported." };
  return wrongSelector(query) ?? wrongChallenge(query) ?? wanted(query);
}

const invalid = (description: string): AppError => ({ error: 'invalid_request', description });

/** Exactly one of provider, connection and organization says where the person signs in. */
function wrongSelector({ provider, connection_id: connection, organization_id: organization }: Sent): AppError | null {
  const isHosted =
    provider === 'authkit' || (provider === undefined && connection === undefined && organization === undefined);
  if (provider === undefined && isHosted) {
    return { error: 'invalid_connection_selector', description: "Say where to sign in: send provider 'authkit'." };
  }
  const selectors = [provider, connection, provider === 'authkit' ? undefined : organization].filter(
    (value) => value !== undefined,
  );
  if (selectors.length > 1) {
    return {
      error: 'ambiguous_connection_selector',
      description: 'Send one of provider, connection_id and organization_id.',
    };
  }
  if (isHosted || provider === undefined) return null;
  return isSocialProvider(provider)
    ? null
    : { error: 'invalid_connection_selector', description: `There is no provider '${String(provider)}'.` };
}

function wrongChallenge({ code_challenge: challenge, code_challenge_method: method }: Sent): AppError | null {
  if (challenge === undefined && method === undefined) return null;
  if (challenge === undefined)
    return invalid("The parameter 'code_challenge' is missing beside 'code_challenge_method'.");
  // RFC 7636 section 4.3 would make `plain` the default; it protects nothing, so the method has to be said.
  if (method !== 'S256')
    return invalid("Send 'code_challenge_method' with the value 'S256'; no other method is supported.");
  return /^[A-Za-z0-9_-]{43}$/.test(String(challenge))
    ? null
    : invalid("The parameter 'code_challenge' is not a base64url SHA-256 hash.");
}

function wanted(query: Sent): WantedSignIn | AppError {
  const text = (name: string): string | null => (typeof query[name] === 'string' ? query[name] : null);
  const maxAge = text('max_age');
  if (maxAge !== null && !/^\d+$/.test(maxAge)) return invalid("The parameter 'max_age' is a whole number of seconds.");
  const prompts = text('prompt')?.split(' ') ?? [];
  if (prompts.includes('none') && prompts.length > 1) return invalid("The prompt 'none' goes with no other.");
  return {
    codeChallenge: text('code_challenge'),
    screenHint: query.screen_hint === 'sign-up' ? 'sign-up' : 'sign-in',
    loginHint: text('login_hint')?.slice(0, maxHintLength) ?? null,
    passwordResetToken: /^\w{1,256}$/.exec(text('password_reset_token') ?? '')?.[0] ?? null,
    uiLocales: text('ui_locales')?.slice(0, maxLocalesLength) ?? null,
    prompts,
    maxAge: maxAge === null ? null : Number(maxAge),
    provider: isSocialProvider(query.provider) ? query.provider : null,
    selector: selectorOf(query),
    organizationId: text('organization_id'),
    invitationToken: text('invitation_token'),
    providerWishes: {
      scopes: scopesOf(query),
      parameters: parametersOf(query),
      domainHint: text('domain_hint')?.slice(0, maxHintLength) ?? null,
    },
  };
}

function selectorOf({ provider, connection_id: connection, organization_id: organization }: Sent): Selector | null {
  if (typeof connection === 'string') return { by: 'connection', id: connection };
  return typeof organization === 'string' && provider === undefined ? { by: 'organization', id: organization } : null;
}

/** Repeated, in brackets, or in one value with commas or spaces: SDKs differ. */
export function scopesOf(query: Sent): string[] {
  const sent = [query.provider_scopes, query['provider_scopes[]']].flat();
  const scopes = sent.flatMap((value) => (typeof value === 'string' ? value.split(/[ ,]+/) : []));
  return scopes.filter((scope) => /^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/.test(scope)).slice(0, maxScopes);
}

/** `provider_query_params[name]=value`. */
export const parametersOf = (query: Sent): Record<string, string> =>
  Object.fromEntries(
    Object.entries(query).flatMap(([key, value]) => {
      const name = /^provider_query_params\[(\w{1,64})\]$/.exec(key)?.[1];
      return name !== undefined && typeof value === 'string' ? [[name, value.slice(0, maxParameterLength)]] : [];
    }),
  );

/**
 * The `state` of an address as it stands there. Decoding and encoding again would change `+`, `~` or a broken escape,
 * and apps compare what comes back with what they sent.
 */
export function rawState(url: string): string | null {
  // Cut at the first question mark only: more of them may stand in the query as they are (RFC 3986 section 3.4).
  const query = url.slice(url.indexOf('?') + 1);
  for (const pair of query.split('&')) {
    if (pair === 'state' || pair.startsWith('state='))
      return pair.slice('state='.length).replace(/[^\x21-\x7e]/g, encodeURIComponent);
  }
  return null;
}
