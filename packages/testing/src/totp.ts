import { createHmac, randomBytes } from 'node:crypto';

const stepMs = 30_000;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** 160 bits, base32 (RFC 4226 section 4). */
export const newTotpSecret = (): string =>
  [...randomBytes(32)].map((byte) => alphabet[byte % alphabet.length]).join('');

/**
 * What an authenticator app shows at that time (RFC 6238): SHA-1, six digits, 30 seconds. Written from the RFC alone, so that
 * our tests do not ask the platform's own library what is right.
 *
 * @param secret - base32, without padding (RFC 4648 section 6)
 */
export function totpCode(secret: string, at: Date): string {
  const bits = [...secret].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at.getTime() / stepMs)));
  const mac = createHmac('sha1', key).update(counter).digest();
  const number = mac.readUInt32BE((mac.at(-1) ?? 0) & 0xf) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}
