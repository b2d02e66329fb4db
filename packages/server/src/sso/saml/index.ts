/** SAML 2.0, Web Browser SSO: our side of a sign-on at an organization's identity provider. */
import type { ConnectionRow } from '../connection.ts';
import { type Checks, ProviderUnreachable, type SignOnResult, type SignOnServices, type Wishes } from '../exchange.ts';

/** @throws {ProviderUnreachable} */
export async function beginSaml(
  _services: SignOnServices,
  { id }: ConnectionRow,
  _checks: Checks,
  _wishes: Wishes,
): Promise<URL> {
  throw new ProviderUnreachable(`The connection ${id} speaks SAML, which this server does not.`);
}

export async function endSaml(
  _services: SignOnServices,
  _connection: ConnectionRow,
  _checks: Checks,
  _response: string,
): Promise<SignOnResult> {
  return { outcome: 'failed', reason: 'this server does not speak SAML' };
}
