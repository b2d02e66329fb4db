import type { Services } from '../../core/index.ts';
import type { SocialProvider } from '../../protocol/index.ts';
import {
  type Credentials,
  callbackUrl,
  contractAt,
  descriptionOf,
  type OAuth2Contract,
  type OidcContract,
  type ProviderDescription,
  providerOfSlug,
  simulatedBase,
  simulatedCredentials,
} from '../../social/index.ts';
import { type Answers, answersOf } from './answers.ts';
import { type Account, type Cast, socialCast } from './persona.ts';

export type Endpoint = 'authorization' | 'token' | 'jwks' | 'userInfo' | 'profile' | 'emails' | 'discovery';

/** A provider as it stands on this server. */
export interface Simulated {
  /** Whose codes and tokens these are: they are good nowhere else. */
  readonly key: string;
  /** Null for the identity provider of an organization. */
  readonly provider: SocialProvider | null;
  readonly description: Pick<
    ProviderDescription,
    'label' | 'contract' | 'scopes' | 'clientAuthentication' | 'usesPkce' | 'parameters' | 'namesBesideCode'
  >;
  readonly contract: OidcContract | OAuth2Contract;
  /** Their addresses here, where the real one has them. */
  readonly endpoints: Readonly<Partial<Record<Endpoint, string>>>;
  /** Of its only client, which is us. */
  readonly credentials: Credentials;
  readonly redirectUri: string;
  readonly cast: Cast;
  readonly answersOf: (account: Account) => Answers;
}

/** Everything follows from the description, so a simulated provider has what the real one has and nothing else. */
export function simulatedAt(services: Pick<Services, 'config' | 'vault'>, slug: string): Simulated | null {
  const provider = providerOfSlug(slug);
  if (!provider) return null;
  const description = descriptionOf(provider);
  const contract = contractAt(description, simulatedBase(services, description));
  return {
    key: provider,
    provider,
    description,
    contract,
    endpoints: endpointsOf(contract),
    credentials: simulatedCredentials(services, provider),
    redirectUri: callbackUrl(services, description),
    cast: socialCast,
    answersOf: (account) => answersOf(provider, account),
  };
}

export function endpointsOf(contract: OidcContract | OAuth2Contract): Simulated['endpoints'] {
  if (contract.endpoints !== 'discovered') return contract.endpoints;
  const at = (path: string): string => `${contract.issuer}${path}`;
  return {
    discovery: at('/.well-known/openid-configuration'),
    authorization: at('/authorize'),
    token: at('/token'),
    jwks: at('/jwks'),
    userInfo: at('/userinfo'),
  };
}

/** Which endpoint an address is, whatever its query. */
export function endpointAt({ endpoints }: Simulated, pathname: string): Endpoint | null {
  const found = Object.entries(endpoints).find(([, url]) => new URL(url).pathname === pathname);
  return (found?.[0] as Endpoint | undefined) ?? null;
}

/** OpenID Connect Discovery section 3. */
export const discoveryDocument = ({ contract, endpoints, description }: Simulated) => ({
  issuer: contract.issuer,
  authorization_endpoint: endpoints.authorization,
  token_endpoint: endpoints.token,
  userinfo_endpoint: endpoints.userInfo,
  jwks_uri: endpoints.jwks,
  response_types_supported: ['code'],
  response_modes_supported: ['query', 'form_post'],
  grant_types_supported: ['authorization_code', 'refresh_token'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
  scopes_supported: description.scopes,
  token_endpoint_auth_methods_supported: [
    description.clientAuthentication === 'client_secret_basic' ? 'client_secret_basic' : 'client_secret_post',
  ],
  ...(description.usesPkce ? { code_challenge_methods_supported: ['S256'] } : {}),
  authorization_response_iss_parameter_supported: true,
});
