import { promisify } from 'node:util';
import type { XmlElement } from '@xmldom/xmldom';
import type { Secret } from '../../core/index.ts';
import { attributeOf, childOf, elementsIn, everyIn, isElement, SamlRefused } from './xml.ts';

const keyTransport = 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p';
/** Most providers know no better than CBC. What it lets an attacker change, the signature inside does not hold for. */
const dataMethods = [
  'http://www.w3.org/2009/xmlenc11#aes256-gcm',
  'http://www.w3.org/2009/xmlenc11#aes128-gcm',
  'http://www.w3.org/2001/04/xmlenc#aes256-cbc',
  'http://www.w3.org/2001/04/xmlenc#aes128-cbc',
];

/** What our metadata asks providers to use, the best first. */
export const encryptionMethods: readonly string[] = [...dataMethods, keyTransport];

/**
 * Opens an `EncryptedAssertion` (SAML Core section 2.3.4). Nothing of it is believed by that: whoever reads our metadata can
 * encrypt. RSA PKCS#1 1.5 and Triple DES are refused before any key of ours is used, as the one tells its key to whoever
 * asks often enough (Bleichenbacher) and the other is worn out.
 *
 * @returns its XML, and the key that it was for
 * @throws {SamlRefused}
 */
export async function decryptAssertion(
  encrypted: XmlElement,
  keys: readonly Secret[],
): Promise<{ readonly xml: string; readonly key: Secret }> {
  assertPlainEncryption(encrypted);
  const { decrypt } = await import('xml-encryption');
  const options = { disallowDecryptionWithInsecureAlgorithm: true, warnInsecureAlgorithm: false };
  const data = encrypted.toString();
  for (const key of keys) {
    try {
      return { xml: await promisify(decrypt)(data, { ...options, key: key.reveal() }), key };
    } catch {
      // Why it does not open is not told apart, nor told anybody: answers to many changed messages would decrypt one.
    }
  }
  throw new SamlRefused(
    'The assertion was not encrypted for a key of this connection. Give the provider our metadata.',
  );
}

/** One form and no other, so that what the library picks out of it is no question. */
function assertPlainEncryption(encrypted: XmlElement): void {
  const [data, ...more] = elementsIn(encrypted);
  if (!data || more.length > 0 || !isElement(data, 'encryption', 'EncryptedData')) {
    throw new SamlRefused('An encrypted assertion holds its data, with the key in it, and nothing beside.');
  }
  const parts = elementsIn(data).map(({ localName }) => localName);
  if (parts.join() !== 'EncryptionMethod,KeyInfo,CipherData') {
    throw new SamlRefused('The encrypted assertion has other parts than a method, a key and the data.');
  }
  assertMethod(data, dataMethods);
  const [key, ...others] = everyIn(data, 'encryption', 'EncryptedKey');
  if (!key || others.length > 0 || key.parentNode !== childOf(data, 'signature', 'KeyInfo')) {
    throw new SamlRefused('The encrypted assertion has not exactly one key, in its KeyInfo.');
  }
  assertMethod(key, [keyTransport]);
  for (const element of [key, data]) childOf(childOf(element, 'encryption', 'CipherData'), 'encryption', 'CipherValue');
  if (everyIn(data, 'encryption', 'CipherValue').length !== 2) {
    throw new SamlRefused('The encrypted assertion has more than one key and its data.');
  }
}

function assertMethod(element: XmlElement, known: readonly string[]): void {
  const algorithm = attributeOf(childOf(element, 'encryption', 'EncryptionMethod'), 'Algorithm');
  if (algorithm === null || !known.includes(algorithm)) {
    throw new SamlRefused(
      `It is encrypted with ${algorithm ?? 'no algorithm'}, which is not accepted. Choose AES-GCM or AES-CBC, and RSA-OAEP for the key.`,
    );
  }
}
