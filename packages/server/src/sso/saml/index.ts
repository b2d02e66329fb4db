/** SAML 2.0, Web Browser SSO: our side of a sign-on at an organization's identity provider. */
import type { SamlOptions } from '@node-saml/node-saml';
import { type Secret, systemTenant } from '../../core/index.ts';
import type { ConnectionRow } from '../connection.ts';
import { type Checks, ProviderUnreachable, type SignOnResult, type SignOnServices, type Wishes } from '../exchange.ts';
import { acsUrl, spEntityId } from './addresses.ts';
import { assertionOf } from './assertion-of.ts';
import { spendAssertion } from './assertions.store.ts';
import { keysOf, openKey } from './keys.ts';
import { verifyResponse } from './verify-response.ts';
import { SamlRefused } from './xml.ts';

export { acsUrl, spEntityId } from './addresses.ts';
export { purgeAssertions } from './assertions.store.ts';
export { type Certificate, readCertificate } from './certificate.ts';
export { type ProviderMetadata, readMetadata } from './read-metadata.ts';
export { spMetadata } from './sp-metadata.ts';
export { isSolicited } from './verify-response.ts';
export { SamlRefused } from './xml.ts';

/** What an answer names as its question. An XML name does not begin with a digit. */
const requestId = ({ nonce }: Pick<Checks, 'nonce'>): string => `_${nonce}`;

/**
 * Where a browser goes with a request for authentication, in the query (SAML Bindings section 3.4), signed where the
 * connection says so: with our oldest key there, because the provider may not know a newer one yet.
 *
 * @throws {ProviderUnreachable} when the connection is not set up
 */
export async function beginSaml(
  services: SignOnServices,
  connection: ConnectionRow,
  checks: Checks,
  { loginHint, asksAgain = false }: Wishes,
): Promise<URL> {
  const { idpEntityId, signOnUrl, certificates } = connection;
  if (idpEntityId === null || signOnUrl === null || certificates.length === 0) {
    throw new ProviderUnreachable('The connection has no metadata of its provider.');
  }
  // Loaded with the first sign-on: most servers never see one, and it is a fifth of what they would hold.
  const { SAML } = await import('@node-saml/node-saml');
  const library = new SAML({
    entryPoint: signOnUrl,
    issuer: spEntityId(services, connection),
    callbackUrl: acsUrl(services, connection),
    idpCert: [...certificates],
    generateUniqueId: () => requestId(checks),
    forceAuthn: asksAgain,
    // Which name and which proof is for the provider to say; what it sends is mapped as it comes.
    identifierFormat: null,
    disableRequestedAuthnContext: true,
    ...(await signing(services, connection)),
  });
  const additionalParams: Record<string, string> = loginHint ? { login_hint: loginHint } : {};
  return new URL(await library.getAuthorizeUrlAsync(checks.state, undefined, { additionalParams }));
}

async function signing(services: SignOnServices, connection: ConnectionRow): Promise<Partial<SamlOptions>> {
  if (!connection.isRequestSigned) return {};
  const [key] = await keysOf(services, systemTenant(connection.environmentId), connection);
  return key ? { privateKey: openKey(services, key).reveal(), signatureAlgorithm: 'sha256' } : {};
}

/**
 * Reads a provider's answer to a question of ours.
 *
 * @param response - base64, as posted
 */
export const endSaml = (
  services: SignOnServices,
  connection: ConnectionRow,
  checks: Checks,
  response: string,
): Promise<SignOnResult> => readAnswer(services, connection, response, requestId(checks));

/** Reads what a provider sends without having been asked; the connection has to allow it. */
export async function readUnsolicited(
  services: SignOnServices,
  connection: ConnectionRow,
  response: string,
): Promise<SignOnResult> {
  if (connection.state !== 'active') return { outcome: 'failed', reason: 'the connection is switched off' };
  if (!connection.isIdpInitiatedAllowed) return { outcome: 'failed', reason: 'sign-ins may not begin at the provider' };
  return readAnswer(services, connection, response, null);
}

/** @param answers - the request that it has to answer; null: none */
async function readAnswer(
  services: SignOnServices,
  connection: ConnectionRow,
  response: string,
  answers: string | null,
): Promise<SignOnResult> {
  const { idpEntityId, certificates, attributeMapping } = connection;
  if (idpEntityId === null) return { outcome: 'failed', reason: 'the connection has no metadata of its provider' };
  const expected = {
    idpEntityId,
    certificates,
    keys: () => privateKeys(services, connection),
    audience: spEntityId(services, connection),
    acsUrl: acsUrl(services, connection),
  };
  try {
    const verified = await verifyResponse(response, expected, services.now());
    if (verified.inResponseTo !== answers) throw new SamlRefused('It answers another request.');
    if (verified.outcome === 'declined') return declined(verified.status);
    const assertion = assertionOf(verified, attributeMapping);
    if (!assertion) throw new SamlRefused('It names nobody.');
    if (!(await spendAssertion(services.db, connection.id, verified))) throw new SamlRefused('It was used before.');
    return { outcome: 'identified', assertion };
  } catch (error) {
    if (!(error instanceof SamlRefused)) throw error;
    return { outcome: 'failed', reason: `the response was refused: ${error.message}` };
  }
}

/** What may have been encrypted for us here. Read only when something was. */
async function privateKeys(services: SignOnServices, connection: ConnectionRow): Promise<readonly Secret[]> {
  const keys = await keysOf(services, systemTenant(connection.environmentId), connection);
  return keys.map((key) => openKey(services, key));
}

const statusPrefix = 'urn:oasis:names:tc:SAML:2.0:status:';
/** How providers say that they, or the person, do not want to (SAML Core section 3.2.2.2). */
const refusals = ['Responder/AuthnFailed', 'Responder/RequestDenied', 'Requester/RequestDenied'];

function declined(status: readonly string[]): SignOnResult {
  const short = status.map((one) => one.replace(statusPrefix, '')).join('/');
  if (refusals.includes(short)) return { outcome: 'refused' };
  return { outcome: 'failed', reason: `the provider answered ${short.slice(0, 100)}` };
}
