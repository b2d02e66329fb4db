import { authenticateApiKey, countApiCall, noteRefusedKey } from '../api-keys/index.ts';
import { authenticatedTenant, type RequestInfo, type Services, type Tenant } from '../core/index.ts';
import { type Client, findClient } from '../environments/index.ts';
import { currentTemplate, type Template } from '../jwt-templates/index.ts';
import { InvalidClient } from './errors.ts';

export interface AuthenticatedClient {
  readonly client: Client;
  readonly tenant: Tenant;
  /** It proved its secret. A public client, which has none, is known by its id only. */
  readonly isConfidential: boolean;
  /** Of the environment, one and the same for all that happens in a request. Null: none is set. */
  readonly jwtTemplate: Template | null;
}

/**
 * Finds out which client is asking (RFC 6749 section 2.3). The secret is an API key of the client's environment, in
 * the body or as Bearer; a request without one comes from a public client.
 *
 * @throws {InvalidClient} when the client is unknown, or the secret is not one of its environment
 * @throws {TooManyRequests} when the key was used too often
 */
export async function authenticateClient(
  services: Services,
  clientId: string,
  secret: string | null,
  request: RequestInfo,
): Promise<AuthenticatedClient> {
  const client = await findClient(services, clientId);
  // The dashboard redeems its codes by itself: nobody else is a client of the built-in environment.
  if (!client || client.environment.isHidden) throw new InvalidClient('Invalid client ID.');
  if (secret === null) {
    const tenant = authenticatedTenant(client.environment.id, { type: 'user', id: client.clientId, name: null });
    return {
      client,
      tenant,
      isConfidential: false,
      jwtTemplate: await currentTemplate(services, tenant.environmentId),
    };
  }
  const tenant = await authenticateApiKey(services, secret);
  if (tenant?.environmentId !== client.environment.id) {
    noteRefusedKey(services, secret, client.environment.id, request);
    throw new InvalidClient('Invalid client secret.');
  }
  countApiCall(services, client.environment, tenant);
  return { client, tenant, isConfidential: true, jwtTemplate: await currentTemplate(services, tenant.environmentId) };
}
