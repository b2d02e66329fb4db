import { outbound, type Services, type Tenant } from '../core/index.ts';
import { getEnvironment } from '../environments/index.ts';
import { protocolOf } from './connection.ts';
import { getConnection, updateConnection, type WithDomains } from './connections.ts';
import { refuse, SimulationUnavailable } from './errors.ts';
import { type ProviderMetadata, readMetadata, SamlRefused } from './saml/index.ts';
import { isSimulationOffered, simulatedClient, simulatedIdpBase, simulatedSaml } from './simulated.ts';

/**
 * Takes over what a SAML provider says of itself.
 *
 * @param source - the document, or where it is; it is fetched once and not watched
 * @throws {InvalidRequestParameters} when it cannot be had or read
 */
export async function copyMetadata(
  services: Services,
  tenant: Tenant,
  id: string,
  { xml, url }: { readonly xml?: string | undefined; readonly url?: string | undefined },
): Promise<WithDomains> {
  const { connection } = await getConnection(services.db, tenant, id);
  if (protocolOf(connection) !== 'saml') throw refuse('metadata', 'Only SAML connections are set up by metadata.');
  const { entityId, wantsSignedRequests, ...same } = read(xml ?? (await fetchMetadata(services, url ?? '')));
  // A provider that demands no signature may still have been told to expect one.
  const signed = wantsSignedRequests ? { isRequestSigned: true } : {};
  return updateConnection(services, tenant, id, { idpEntityId: entityId, ...same, ...signed });
}

function read(xml: string): ProviderMetadata {
  try {
    return readMetadata(xml);
  } catch (error) {
    if (!(error instanceof SamlRefused)) throw error;
    throw refuse('metadata', `This metadata cannot be read. ${error.message}`);
  }
}

async function fetchMetadata(services: Pick<Services, 'config' | 'resolveAddresses'>, url: string): Promise<string> {
  try {
    const response = await outbound(services)(url, {});
    if (response.status !== 200) throw new Error(`It answers ${response.status}.`);
    return await response.text();
  } catch (error) {
    throw refuse('url', `The metadata cannot be fetched. ${(error as Error).message.slice(0, 200)}`);
  }
}

/**
 * Points a connection at the provider that a development server simulates for it, in the protocol that it speaks.
 *
 * @param isStrict - the SAML one that takes signed requests only, and encrypts its assertions
 * @throws {SimulationUnavailable}
 */
export async function simulateProvider(
  services: Services,
  tenant: Tenant,
  id: string,
  isStrict = false,
): Promise<WithDomains> {
  const { connection } = await getConnection(services.db, tenant, id);
  const environment = await getEnvironment(services, tenant.environmentId);
  if (!isSimulationOffered(services, environment)) throw new SimulationUnavailable();
  // Like with anybody else's: the certificate is one thing that only its metadata tells.
  if (protocolOf(connection) === 'saml') {
    return copyMetadata(services, tenant, id, { url: simulatedSaml(services, connection, isStrict).entityId });
  }
  const { clientId, secret: clientSecret } = simulatedClient(services, connection);
  const issuer = simulatedIdpBase(services, connection);
  return updateConnection(services, tenant, id, { issuer, clientId, clientSecret });
}
