import { createHash, generateKeyPair, type KeyObject, webcrypto } from 'node:crypto';
import { promisify } from 'node:util';

/** RS256 wants 2048 bits or more (RFC 7518 section 3.3). */
const modulusLength = 2048;

export interface NewKey {
  readonly privateKey: KeyObject;
  readonly publicJwk: PublicJwk;
}

/** The public half as JWKS shows it (RFC 7517), with the certificate that some clients want (`x5c`). */
export interface PublicJwk {
  readonly alg: 'RS256';
  readonly kty: 'RSA';
  readonly use: 'sig';
  readonly kid: string;
  readonly n: string;
  readonly e: string;
  readonly x5c: readonly [string];
  readonly 'x5t#S256': string;
}

/** Draws a key pair, and a certificate that says nothing but which key it is. */
export async function newSigningKey(kid: string, at: Date): Promise<NewKey> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const certificate = await selfSigned(kid, privateKey, publicKey, at);
  return {
    privateKey,
    publicJwk: {
      alg: 'RS256',
      kty: 'RSA',
      use: 'sig',
      kid,
      n,
      e,
      x5c: [Buffer.from(certificate).toString('base64')],
      'x5t#S256': createHash('sha256').update(Buffer.from(certificate)).digest('base64url'),
    },
  };
}

async function selfSigned(kid: string, privateKey: KeyObject, publicKey: KeyObject, at: Date): Promise<ArrayBuffer> {
  // Loaded only when a key is made, which is once in 90 days: it is the largest thing this room needs.
  await import('reflect-metadata');
  const { X509CertificateGenerator } = await import('@peculiar/x509');
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const { subtle } = webcrypto;
  const keys = {
    privateKey: await subtle.importKey('pkcs8', privateKey.export({ type: 'pkcs8', format: 'der' }), algorithm, false, [
      'sign',
    ]),
    publicKey: await subtle.importKey('spki', publicKey.export({ type: 'spki', format: 'der' }), algorithm, true, [
      'verify',
    ]),
  };
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      name: `CN=${kid}`,
      notBefore: at,
      notAfter: new Date(Date.UTC(at.getUTCFullYear() + 10, at.getUTCMonth(), at.getUTCDate())),
      keys,
      signingAlgorithm: algorithm,
    },
    webcrypto,
  );
  return certificate.rawData;
}
