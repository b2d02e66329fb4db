import { type ConnectionRow, protocolOf } from './connection.ts';
import type { Checks, SignOnAnswer, SignOnResult, SignOnServices, Wishes } from './exchange.ts';
import { beginOidc, endOidc } from './oidc/index.ts';
import { beginSaml, endSaml } from './saml/index.ts';

/**
 * Where a browser goes to sign in.
 *
 * @throws {ProviderUnreachable} when the provider does not say where its endpoints are
 */
export function beginSignOn(
  services: SignOnServices,
  connection: ConnectionRow,
  checks: Checks,
  wishes: Wishes,
): Promise<URL> {
  switch (protocolOf(connection)) {
    case 'oidc':
      return beginOidc(services, connection, checks, wishes);
    case 'saml':
      return beginSaml(services, connection, checks, wishes);
  }
}

/** Reads an answer: everything that protects it is checked here, and nothing of it is believed before. */
export async function endSignOn(
  services: SignOnServices,
  connection: ConnectionRow,
  checks: Checks,
  answer: SignOnAnswer,
): Promise<SignOnResult> {
  if (answer.protocol !== protocolOf(connection))
    return { outcome: 'failed', reason: `the connection does not speak ${answer.protocol}` };
  switch (answer.protocol) {
    case 'oidc':
      return endOidc(services, connection, checks, answer.parameters);
    case 'saml':
      return endSaml(services, connection, checks, answer.response);
  }
}
