import { isIP } from 'node:net';
import type { Services } from '../core/index.ts';

/** Who we are to authenticators (WebAuthn level 3 section 5.1.2): passkeys work on this host only, for good. */
export interface RelyingParty {
  /** The host name of the public URL. */
  readonly id: string;
  /** Scheme, host and port: where a browser must stand. */
  readonly origin: string;
}

export function relyingParty({ config }: Pick<Services, 'config'>): RelyingParty {
  const { hostname, origin } = new URL(config.publicUrl);
  return { id: hostname, origin };
}

/** Browsers make passkeys for names only, and in secure contexts only: https, or localhost. */
export function supportsPasskeys({ config }: Pick<Services, 'config'>): boolean {
  const { hostname, protocol } = new URL(config.publicUrl);
  const isAddress = hostname.startsWith('[') || isIP(hostname) !== 0;
  const isLocalhost = hostname === 'localhost' || hostname.endsWith('.localhost');
  return !isAddress && (protocol === 'https:' || isLocalhost);
}
