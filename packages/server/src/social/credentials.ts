import { createECDH, createPrivateKey } from 'node:crypto';
import { base62, type Services } from '../core/index.ts';
import type { SocialProvider } from '../protocol/index.ts';
import { descriptionOf } from './providers.ts';
import type { AppleKey } from './quirks/apple.ts';
import type { ProviderRow } from './store.ts';

/** How we present ourselves to a provider. */
export interface Credentials {
  readonly clientId: string;
  /** A secret, or what secrets are signed with. */
  readonly secret: { readonly kind: 'text'; readonly value: string } | ({ readonly kind: 'key' } & AppleKey);
}

const placeOf = ({ environmentId, provider }: Pick<ProviderRow, 'environmentId' | 'provider'>): string =>
  `social_providers/${environmentId}/${provider}`;

export const sealSecret = (
  { vault }: Pick<Services, 'vault'>,
  row: Pick<ProviderRow, 'environmentId' | 'provider'>,
  secret: string,
): string => vault.seal(secret, placeOf(row));

/** The environment's own credentials; null when it has none. */
export function ownCredentials({ vault }: Pick<Services, 'vault'>, row: ProviderRow | null): Credentials | null {
  if (row?.clientId == null || row.sealedSecret === null) return null;
  const value = vault.open(row.sealedSecret, placeOf(row));
  if (descriptionOf(row.provider).clientAuthentication !== 'signed_jwt') {
    return { clientId: row.clientId, secret: { kind: 'text', value } };
  }
  return {
    clientId: row.clientId,
    secret: { kind: 'key', teamId: row.teamId ?? '', keyId: row.keyId ?? '', privateKey: value },
  };
}

/**
 * How the simulated provider of a development server knows us. Derived from the encryption key, so that both sides know
 * it without anything to configure.
 */
export function simulatedCredentials({ vault }: Pick<Services, 'vault'>, provider: SocialProvider): Credentials {
  const { slug, clientAuthentication } = descriptionOf(provider);
  const clientId = `simulated-${slug}`;
  const seed = vault.mac('simulated-provider', provider);
  if (clientAuthentication !== 'signed_jwt') return { clientId, secret: { kind: 'text', value: base62(seed) } };
  return { clientId, secret: { kind: 'key', teamId: 'SIMULATED1', keyId: 'SIMULATED2', privateKey: keyOf(seed) } };
}

/** A P-256 key from 32 bytes. Half of all numbers stay unused, so that none is beyond the curve's order. */
function keyOf(seed: Buffer): string {
  const pair = createECDH('prime256v1');
  const number = Buffer.from(seed);
  number[0] = (number[0] ?? 0) & 0x7f;
  pair.setPrivateKey(number);
  const point = pair.getPublicKey();
  const part = (bytes: Buffer): string => bytes.toString('base64url');
  const jwk = { kty: 'EC', crv: 'P-256', d: part(number), x: part(point.subarray(1, 33)), y: part(point.subarray(33)) };
  return createPrivateKey({ key: jwk, format: 'jwk' }).export({ type: 'pkcs8', format: 'pem' }).toString();
}
