import { z } from 'zod';
import { sha256 } from '../core/index.ts';
import { socialProviders } from '../protocol/index.ts';
import type { IdentityRow } from './identities.store.ts';
import { marks } from './marks.ts';
import { callbackUrl, type ProviderState } from './offered.ts';
import type { ProviderTokens } from './tokens.ts';

/** Identities spell one name differently from everything else in the published contract. */
export const identityProviders = socialProviders.map((name) => (name === 'GitHubOAuth' ? 'GithubOAuth' : name));

export const Identity = z
  .object({
    idp_id: z.string().describe('The provider’s own id of the account.'),
    type: z.literal('OAuth'),
    provider: z.enum(identityProviders),
  })
  .meta({ id: 'Identity' });

export const toIdentity = ({ provider, subject }: IdentityRow): z.input<typeof Identity> => ({
  idp_id: subject,
  type: 'OAuth',
  provider: provider === 'GitHubOAuth' ? 'GithubOAuth' : provider,
});

export const OAuthTokens = z
  .object({
    provider: z.string(),
    access_token: z.string(),
    refresh_token: z.string().describe('Empty when the provider gave none.'),
    expires_at: z.number().describe('Seconds since 1970; 0 when the provider does not say.'),
    scopes: z.array(z.string()),
  })
  .meta({ id: 'OAuthTokens' });

/** The provider's tokens as the exchange of a code answers them. */
export const toOAuthTokens = (tokens: ProviderTokens): z.input<typeof OAuthTokens> => ({
  provider: tokens.provider,
  access_token: tokens.accessToken,
  refresh_token: tokens.refreshToken ?? '',
  expires_at: tokens.expiresAt === null ? 0 : Math.floor(tokens.expiresAt.getTime() / 1000),
  scopes: [...tokens.scopes],
});

export const SocialProviderWire = z
  .object({
    object: z.literal('social_provider'),
    provider: z.enum(socialProviders),
    label: z.string().describe('As on the button: `Continue with <label>`.'),
    mark: z.string().describe('The mark on the button, as an SVG element.'),
    enabled: z.boolean(),
    source: z
      .enum(['own', 'simulated'])
      .nullable()
      .describe('Whose credentials it works with. `simulated`: the stand-in of a development server. Null: none yet.'),
    callback_url: z.string().describe('To be registered at the provider, exactly.'),
    credentials: z
      .enum(['client_secret', 'private_key'])
      .describe('`private_key`: team id, key id and key instead of a secret.'),
    client_id: z.string().nullable(),
    team_id: z.string().nullable(),
    key_id: z.string().nullable(),
    default_scopes: z.array(z.string()).describe('Asked for in any case.'),
    scopes: z.array(z.string()).describe('Asked for besides.'),
    return_tokens: z.boolean().describe('The provider’s tokens are in the answer to the exchange of the code.'),
    position: z
      .number()
      .int()
      .nullable()
      .describe('The button’s place; null: the usual one, after those with a place.'),
  })
  .meta({ id: 'SocialProvider' });

export const toSocialProvider = (
  state: ProviderState,
  /** Of the environment's pages. */
  publicUrl: string,
): z.input<typeof SocialProviderWire> => ({
  object: 'social_provider',
  label: state.description.label,
  mark: String(marks[state.provider]),
  callback_url: callbackUrl({ config: { publicUrl } }, state.description),
  credentials: state.description.clientAuthentication === 'signed_jwt' ? 'private_key' : 'client_secret',
  default_scopes: [...state.description.scopes],
  ...choicesOf(state),
});

const choicesOf = ({ provider, isEnabled, source, row }: ProviderState) => ({
  provider,
  enabled: isEnabled,
  source,
  client_id: row?.clientId ?? null,
  team_id: row?.teamId ?? null,
  key_id: row?.keyId ?? null,
  scopes: [...(row?.scopes ?? [])],
  return_tokens: row?.hasTokensReturned ?? false,
  position: row?.position ?? null,
});

/**
 * For the trail of changes, whose values are flat. A secret is told by a name that changes with it: the hash of its
 * sealed form, which leads to nothing.
 */
export function toTrail(state: ProviderState): Readonly<Record<string, unknown>> {
  const { provider: _, scopes, ...choices } = choicesOf(state);
  const sealed = state.row?.sealedSecret ?? null;
  return { ...choices, scopes: scopes.join(' '), secret: sealed === null ? null : sha256(sealed).slice(0, 8) };
}
