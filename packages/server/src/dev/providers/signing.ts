import { generateKeyPair, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { Claims } from '../../social/index.ts';

const keyId = 'simulated-1';

/** The key that the simulated providers sign ID tokens with: one for all, RS256, made at its first use. */
export interface Signing {
  jwks(): Promise<{ keys: object[] }>;
  /** A JWS in compact form (RFC 7515 section 3.1). */
  sign(claims: Claims): Promise<string>;
}

export function createSigning(): Signing {
  let pair: Promise<{ publicKey: KeyObject; privateKey: KeyObject }> | undefined;
  const keys = () => {
    pair ??= promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
    return pair;
  };
  return {
    async jwks() {
      const { publicKey } = await keys();
      return { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: keyId, use: 'sig', alg: 'RS256' }] };
    },
    async sign(claims) {
      const { privateKey } = await keys();
      const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
      const message = `${encode({ alg: 'RS256', kid: keyId })}.${encode(claims)}`;
      return `${message}.${sign('sha256', Buffer.from(message), privateKey).toString('base64url')}`;
    },
  };
}
