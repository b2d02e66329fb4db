import { X509Certificate } from 'node:crypto';
import { refuse } from './errors.ts';

/**
 * A provider's certificate as PEM, from PEM or from the bare base64 that metadata and most consoles show.
 *
 * @throws {InvalidRequestParameters} when it is none
 */
export function readCertificate(raw: string): string {
  const bare = raw.replace(/-----(BEGIN|END) CERTIFICATE-----/g, '').replace(/\s+/g, '');
  try {
    return new X509Certificate(Buffer.from(bare, 'base64')).toString();
  } catch {
    throw refuse('certificates', 'This is not an X.509 certificate in PEM or base64.');
  }
}
