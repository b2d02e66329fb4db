import type { Services } from '../../../core/index.ts';
import type { ProviderDescription } from '../../../social/index.ts';
import { type ConnectionRow, oidcCallbackUrl, simulatedClient, simulatedIdpBase } from '../../../sso/index.ts';
import { standardClaims } from '../answers.ts';
import { endpointsOf, type Simulated } from '../endpoints.ts';
import { employees } from './cast.ts';

export const label = 'Identity provider';

/** An organization's OpenID provider, as one connection sees it: everything but the people is that of any provider. */
export function simulatedOidc(
  services: Pick<Services, 'config' | 'vault'>,
  connection: Pick<ConnectionRow, 'id'>,
  domain: string | null,
): Simulated {
  const contract: ProviderDescription['contract'] = {
    kind: 'oidc',
    issuer: simulatedIdpBase(services, connection),
    endpoints: 'discovered',
    usesUserInfo: true,
    returnsNonce: true,
  };
  const { clientId, secret } = simulatedClient(services, connection);
  return {
    key: connection.id,
    provider: null,
    description: {
      label,
      contract,
      scopes: ['openid', 'profile', 'email'],
      clientAuthentication: 'client_secret_basic',
      usesPkce: true,
    },
    contract,
    endpoints: endpointsOf(contract),
    credentials: { clientId, secret: { kind: 'text', value: secret } },
    redirectUri: oidcCallbackUrl(services, connection),
    cast: employees('oidc', domain),
    answersOf(account) {
      const claims = { ...standardClaims(account), groups: [...(account.groups ?? [])] };
      return { idToken: claims, profile: { sub: account.subject, ...claims }, emails: null };
    },
  };
}
