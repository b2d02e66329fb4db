import type { XmlElement } from '@xmldom/xmldom';
import type { Secret } from '../../core/index.ts';
import { decryptAssertion } from './decrypt.ts';
import { readSignedAssertion, type SignedAssertion } from './read-signed-assertion.ts';
import { assertNamesAreUnique, assertPlainSignatures } from './signatures.ts';
import { attributeOf, childOf, childrenOf, everyIn, isElement, parseXml, SamlRefused, textOf } from './xml.ts';

/** What a response is held against: whose it has to be, and for whom. */
export interface Expected {
  /** The provider's entity id. */
  readonly idpEntityId: string;
  /** In PEM. Keys that a message brings along count for nothing. */
  readonly certificates: readonly string[];
  /** Ours, in PEM: what an assertion may be encrypted for. */
  readonly keys: () => Promise<readonly Secret[]>;
  /** Our entity id for this connection. */
  readonly audience: string;
  /** Where this connection takes responses. */
  readonly acsUrl: string;
}

/** `declined`: the provider did not sign anybody in, which it may say unsigned. The status, the general one first. */
export type VerifiedResponse =
  | ({ readonly outcome: 'signed_in' } & SignedAssertion)
  | { readonly outcome: 'declined'; readonly inResponseTo: string | null; readonly status: readonly string[] };

const success = 'urn:oasis:names:tc:SAML:2.0:status:Success';
/** A form of 512 kB at most was received; base64 makes a third of it. */
const maxLength = 512 * 1024;

/**
 * Checks a posted `SAMLResponse` (SAML Bindings section 3.5, SAML Profiles section 4.1.4.3). The library checks
 * signatures; what it would let pass is refused before, and what it says is read from nowhere but the bytes that a
 * signature of the connection's own provider covers.
 *
 * @param encoded - base64, as posted
 * @throws {SamlRefused}
 */
export async function verifyResponse(encoded: string, expected: Expected, at: Date): Promise<VerifiedResponse> {
  const response = parseXml(decode(encoded));
  if (!isElement(response, 'protocol', 'Response')) throw new SamlRefused('It is no SAML response.');
  assertNamesAreUnique(response);
  assertAddressed(response, expected);
  const inResponseTo = attributeOf(response, 'InResponseTo');
  const status = statusOf(response);
  if (status[0] !== success) return { outcome: 'declined', inResponseTo, status };
  const { assertion, key } = await readAssertion(response, expected);
  assertPlainSignatures(response, assertion);
  const signed = parseXml(await signedAssertion(encoded, expected, key));
  if (attributeOf(signed, 'ID') !== attributeOf(assertion, 'ID')) throw new SamlRefused('Another assertion is signed.');
  return { outcome: 'signed_in', ...readSignedAssertion(signed, { ...expected, inResponseTo }, at) };
}

/** @throws {SamlRefused} when it is no base64 of UTF-8 */
function decode(encoded: string): string {
  const compact = encoded.replace(/\s+/g, '');
  if (compact.length > maxLength || !/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) throw new SamlRefused('It is no base64.');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(compact, 'base64'));
  } catch (error) {
    throw new SamlRefused('It is no UTF-8.', { cause: error });
  }
}

/** Every address that it bears is ours, and the sender the one we know. */
function assertAddressed(response: XmlElement, { idpEntityId, acsUrl }: Expected): void {
  if (attributeOf(response, 'Version') !== '2.0') throw new SamlRefused('It is not of version 2.0.');
  const destination = attributeOf(response, 'Destination');
  const isSigned = childrenOf(response, 'signature', 'Signature').length > 0;
  // Who signs the whole has to say where to (SAML Bindings section 3.5.5.2).
  if (destination === null ? isSigned : destination !== acsUrl) {
    throw new SamlRefused(`Its destination is ${destination ?? 'missing'}, not ${acsUrl}.`);
  }
  const [issuer, ...more] = childrenOf(response, 'assertion', 'Issuer');
  if (more.length > 0 || (issuer && textOf(issuer) !== idpEntityId)) throw new SamlRefused('It is of another issuer.');
}

function statusOf(response: XmlElement): string[] {
  const code = childOf(childOf(response, 'protocol', 'Status'), 'protocol', 'StatusCode');
  return [code, ...childrenOf(code, 'protocol', 'StatusCode')].map((one) => attributeOf(one, 'Value') ?? '');
}

/**
 * Whether a posted response says that it answers a request; nothing of it is checked. What is no response is taken for an
 * answer, so that it is refused where answers are.
 */
export function isSolicited(encoded: string): boolean {
  try {
    return attributeOf(parseXml(decode(encoded)), 'InResponseTo') !== null;
  } catch (error) {
    if (error instanceof SamlRefused) return true;
    throw error;
  }
}

/** @returns the assertion, not believed yet, and the key of ours that opened it where it was encrypted */
async function readAssertion(
  response: XmlElement,
  { keys }: Expected,
): Promise<{ readonly assertion: XmlElement; readonly key: Secret | null }> {
  const found = onlyAssertion(response);
  if (found.localName === 'Assertion') return { assertion: found, key: null };
  const { xml, key } = await decryptAssertion(found, await keys());
  const assertion = parseXml(xml);
  if (!isElement(assertion, 'assertion', 'Assertion')) throw new SamlRefused('No assertion was encrypted.');
  const inner = ['Assertion', 'EncryptedAssertion'].flatMap((name) => everyIn(assertion, 'assertion', name));
  if (inner.length > 0) throw new SamlRefused('It has not exactly one assertion.');
  assertNamesAreUnique(assertion);
  return { assertion, key };
}

/** One and no more, encrypted or not, at whatever depth, where it belongs. */
function onlyAssertion(response: XmlElement): XmlElement {
  const all = ['Assertion', 'EncryptedAssertion'].flatMap((name) => everyIn(response, 'assertion', name));
  const [assertion, ...more] = all;
  if (!assertion || more.length > 0) throw new SamlRefused('It has not exactly one assertion.');
  if (assertion.parentNode !== response) throw new SamlRefused('The assertion does not stand in the response.');
  return assertion;
}

/** The assertion as its signature covers it, or the response's. @throws {SamlRefused} */
async function signedAssertion(
  encoded: string,
  { certificates, audience, acsUrl }: Expected,
  key: Secret | null,
): Promise<string> {
  const { SAML, ValidateInResponseTo } = await import('@node-saml/node-saml');
  const library = new SAML({
    idpCert: [...certificates],
    issuer: audience,
    callbackUrl: acsUrl,
    // Of the two signatures one is enough; providers differ in which they make.
    wantAssertionsSigned: false,
    wantAuthnResponseSigned: false,
    // All but signatures is checked below, where absence is no exception; times by our clock, the request by our trip.
    audience: false,
    acceptedClockSkewMs: -1,
    validateInResponseTo: ValidateInResponseTo.never,
    ...(key ? { decryptionPvk: key.reveal() } : {}),
  });
  try {
    const { profile } = await library.validatePostResponseAsync({ SAMLResponse: encoded });
    const xml = profile?.getAssertionXml?.();
    if (!xml) throw new Error('No assertion was found.');
    return xml;
  } catch (error) {
    throw new SamlRefused(`The signature does not hold: ${(error as Error).message.slice(0, 200)}`, { cause: error });
  }
}
