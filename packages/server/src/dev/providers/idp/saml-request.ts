import { createVerify } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { InvalidRequestParameters } from '../../../core/index.ts';
import { attributeOf, childOf, parseXml, SamlRefused, textOf } from '../../../sso/index.ts';

/** What an authentication request asks (SAML Core section 3.4.1). */
export interface SamlRequest {
  readonly id: string;
  readonly issuer: string;
  readonly acsUrl: string;
  readonly destination: string | null;
}

const maxLength = 1024 * 1024;

/**
 * Reads a request that came in the query (SAML Bindings section 3.4.4.1).
 *
 * @throws {InvalidRequestParameters}
 */
export function readSamlRequest(encoded: unknown): SamlRequest {
  try {
    if (typeof encoded !== 'string') throw new SamlRefused('It is missing.');
    const request = parseXml(inflate(encoded));
    const id = attributeOf(request, 'ID');
    const acsUrl = attributeOf(request, 'AssertionConsumerServiceURL');
    if (id === null || acsUrl === null) throw new SamlRefused('It has no ID or no AssertionConsumerServiceURL.');
    const issuer = textOf(childOf(request, 'assertion', 'Issuer'));
    return { id, issuer, acsUrl, destination: attributeOf(request, 'Destination') };
  } catch (error) {
    if (!(error instanceof SamlRefused)) throw error;
    throw new InvalidRequestParameters([
      { code: 'saml_request_invalid', message: error.message, field: 'SAMLRequest' },
    ]);
  }
}

/** A few bytes can say "a gigabyte of zeros". */
function inflate(encoded: string): string {
  try {
    return inflateRawSync(Buffer.from(encoded, 'base64'), { maxOutputLength: maxLength }).toString('utf8');
  } catch (error) {
    throw new SamlRefused(`It is not deflated, or longer than ${maxLength} bytes.`, { cause: error });
  }
}

const rsaSha256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';

/**
 * Holds a request to its signature, over the query exactly as it came (SAML Bindings section 3.4.4.1).
 *
 * @param certificates - in PEM
 * @throws {InvalidRequestParameters}
 */
export function assertSigned(url: string, certificates: readonly string[]): void {
  const sent = new Map((url.split('?')[1] ?? '').split('&').map((pair) => [pair.split('=')[0] ?? '', pair] as const));
  const signed = ['SAMLRequest', 'RelayState', 'SigAlg'].flatMap((name) => sent.get(name) ?? []).join('&');
  const query = new URLSearchParams([...sent.values()].join('&'));
  const signature = Buffer.from(query.get('Signature') ?? '', 'base64');
  const isGood = (pem: string): boolean => createVerify('RSA-SHA256').update(signed).verify(pem, signature);
  if (query.get('SigAlg') === rsaSha256 && certificates.some(isGood)) return;
  const message = 'This provider takes requests only that are signed with a key of your metadata, by RSA with SHA-256.';
  throw new InvalidRequestParameters([{ code: 'saml_request_unsigned', message, field: 'Signature' }]);
}
