import { X509Certificate } from 'node:crypto';
import { promisify } from 'node:util';
import type { EncryptionAlgorithm, KeyEncryptionAlgorithm } from 'xml-encryption';

export interface EncryptionStyle {
  readonly keyMethod?: KeyEncryptionAlgorithm;
  readonly dataMethod?: EncryptionAlgorithm;
}

/** The response with its assertion, signed or not, encrypted for the holder of the first of these certificates. */
export async function encrypted(
  response: string,
  [pem = '']: readonly string[],
  {
    keyMethod = 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p',
    dataMethod = 'http://www.w3.org/2009/xmlenc11#aes256-gcm',
  }: EncryptionStyle = {},
): Promise<string> {
  const [assertion = ''] = /<saml:Assertion[ >][\s\S]*<\/saml:Assertion>/.exec(response) ?? [];
  const hidden = await encryptedAssertion(assertion, pem, keyMethod, dataMethod);
  return response.replace(assertion, () => hidden);
}

async function encryptedAssertion(
  assertion: string,
  pem: string,
  keyEncryptionAlgorithm: KeyEncryptionAlgorithm,
  encryptionAlgorithm: EncryptionAlgorithm,
): Promise<string> {
  const { encrypt } = await import('xml-encryption');
  const publicKey = new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const options = {
    rsa_pub: publicKey,
    pem,
    keyEncryptionAlgorithm,
    encryptionAlgorithm,
    // Tests show that what is worn out is refused.
    warnInsecureAlgorithm: false,
  };
  return `<saml:EncryptedAssertion>${await promisify(encrypt)(assertion, options)}</saml:EncryptedAssertion>`;
}
