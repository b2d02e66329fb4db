import { X509Certificate } from 'node:crypto';

/** A certificate of a provider, read. */
export interface Certificate {
  readonly pem: string;
  /** As its maker wrote it, on one line. */
  readonly subject: string;
  /** SHA-256 of the whole, in hexadecimal with colons, as other tools show it. */
  readonly fingerprint: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** Below this a key can be worked out from the certificate. */
const minRsaBits = 2048;
const maxLength = 16_384;

/**
 * @param text - PEM, or the bare base64 that metadata carries
 * @returns null when it is no certificate, or of a key that signatures of ours are not checked with
 */
export function readCertificate(text: string): Certificate | null {
  if (text.length > maxLength) return null;
  const base64 = text.replace(/-----(?:BEGIN|END) CERTIFICATE-----/g, '').replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return null;
  try {
    const certificate = new X509Certificate(Buffer.from(base64, 'base64'));
    const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
    if (asymmetricKeyType !== 'rsa' || (asymmetricKeyDetails?.modulusLength ?? 0) < minRsaBits) return null;
    return {
      pem: certificate.toString(),
      subject: certificate.subject.replaceAll('\n', ', '),
      fingerprint: certificate.fingerprint256,
      notBefore: certificate.validFromDate,
      notAfter: certificate.validToDate,
    };
  } catch {
    return null;
  }
}
