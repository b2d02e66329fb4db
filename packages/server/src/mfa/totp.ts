/** Time-based one-time passwords (RFC 6238) as every authenticator app makes them: SHA-1, six digits, 30 seconds. */
import { Secret as Seed, TOTP } from 'otpauth';
import { Secret } from '../core/index.ts';

const parameters = { algorithm: 'SHA1', digits: 6, period: 30 } as const;

/** 160 bits, the length of the hash (RFC 4226 section 4, R6). */
const seedBytes = 20;

/** In base32 characters: 80 bits is what the oldest apps made and people bring along; beyond 64 bytes HMAC only hashes. */
const seedLength = { min: 16, max: 104 };

/** Neighbours of the current step that are taken as well: clocks differ, and typing takes time (RFC 6238 section 5.2). */
const drift = 1;

/** A new seed, base32. */
export const newSeed = (): Secret => new Secret(new Seed({ size: seedBytes }).base32);

/** A seed out of a keyed hash of 20 bytes or more, for one that must come out the same again. */
export const derivedSeed = (hash: Buffer): Secret => {
  const { buffer } = Uint8Array.from(hash.subarray(0, seedBytes));
  return new Secret(new Seed({ buffer }).base32);
};

/** A seed that another system made, as people write base32: any case, in groups, padded. Null when it is none. */
export function readSeed(given: string): Secret | null {
  const base32 = given.replace(/[\s-]/g, '').replace(/=+$/, '').toUpperCase();
  const isSeed = /^[A-Z2-7]+$/.test(base32) && base32.length >= seedLength.min && base32.length <= seedLength.max;
  return isSeed ? new Secret(base32) : null;
}

/** The step that this is the code of, the current one or a neighbour; null when it is none of theirs. */
export function stepOf(seed: Secret, code: string, at: Date): number | null {
  if (!/^\d{6}$/.test(code)) return null;
  const timestamp = at.getTime();
  const secret = Seed.fromBase32(seed.reveal());
  const delta = TOTP.validate({ ...parameters, token: code, secret, timestamp, window: drift });
  return delta === null ? null : TOTP.counter({ period: parameters.period, timestamp }) + delta;
}

/** What authenticator apps scan. A colon parts the two names there, so they go without. */
export function keyUri(seed: Secret, issuer: string, account: string): string {
  const secret = Seed.fromBase32(seed.reveal());
  return new TOTP({ ...parameters, issuer: withoutColon(issuer), label: withoutColon(account), secret }).toString();
}

const withoutColon = (text: string): string => text.replaceAll(':', ' ').trim();
