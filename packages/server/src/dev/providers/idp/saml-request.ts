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
