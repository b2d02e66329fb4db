import { createPrivateKey, sign } from 'node:crypto';
import type { RawProfile } from '../description.ts';

/** What Apple gives a developer instead of a secret. */
export interface AppleKey {
  readonly teamId: string;
  readonly keyId: string;
  /** PKCS #8, PEM. */
  readonly privateKey: string;
}

const lifetimeSeconds = 300;

/**
 * Apple's client secret: a JWT that we sign (ES256). It is made for each request, so none can be stolen that lives long.
 *
 * @param at - in NumericDate seconds, by Apple's clock and not by one that a test has moved
 */
export function appleClientSecret(
  clientId: string,
  { teamId, keyId, privateKey }: AppleKey,
  audience: string,
  at: number,
): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const claims = { iss: teamId, sub: clientId, aud: audience, iat: at, exp: at + lifetimeSeconds };
  const message = `${encode({ alg: 'ES256', kid: keyId, typ: 'JWT' })}.${encode(claims)}`;
  // JWS wants the two numbers side by side (RFC 7518 section 3.4), not the DER that is the default.
  const signature = sign('sha256', Buffer.from(message), {
    key: createPrivateKey(privateKey),
    dsaEncoding: 'ieee-p1363',
  });
  return `${message}.${signature.toString('base64url')}`;
}

/** Whether that is a key of the kind Apple hands out. */
export function isAppleKey(privateKey: string): boolean {
  try {
    const key = createPrivateKey(privateKey);
    return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
  } catch {
    return false;
  }
}

/** At the first consent, and never again, the name comes in a form field of its own: `{"name":{"firstName",…}}`. */
export function appleNames(parameters: URLSearchParams): Pick<RawProfile, 'firstName' | 'lastName'> {
  try {
    const { name } = JSON.parse(parameters.get('user') ?? '{}') as {
      name?: { firstName?: unknown; lastName?: unknown };
    };
    return { firstName: name?.firstName, lastName: name?.lastName };
  } catch {
    return {};
  }
}
