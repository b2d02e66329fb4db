import { hash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';

const base62Alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** 43 base62 characters carry 256 bits (43 × log2 62 = 256.03). */
const opaqueLength = 43;

/**
 * A value that must not end up in a log, an error or a template by accident: it prints as `[secret]` until
 * somebody writes `.reveal()`, which a reviewer can search for.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  /** What is stored and looked up instead of the value. */
  hash(): Hash {
    return sha256(this.#value);
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}

declare const hashBrand: unique symbol;

/** SHA-256 of a 256-bit value, base64url. Plain hashing is enough only because the value cannot be guessed. */
export type Hash = string & { readonly [hashBrand]: 'Hash' };

export function sha256(value: string): Hash {
  return hash('sha256', value, 'base64url') as Hash;
}

/** A new credential of 256 bits in base62, so that it survives a double click, a URL and a shell. */
export function newSecret(prefix = ''): Secret {
  return new Secret(prefix + randomBase62(opaqueLength));
}

export function randomBase62(length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length + 8)) {
      // 248 is the largest multiple of 62 in a byte; what lies above would favour the first letters.
      if (byte < 248 && text.length < length) text += base62Alphabet[byte % 62];
    }
  }
  return text;
}

/** Eight digits come off with each division of the long number: 62^8 is the largest such step below 2^53. */
const digitsAtOnce = 8;
const step = 62n ** BigInt(digitsAtOnce);

/** Bytes as base62, for values that are derived rather than drawn. A one is put before them, so that leading zeros count. */
export function base62(bytes: Uint8Array): string {
  let rest = BigInt(`0x01${Buffer.from(bytes).toString('hex')}`);
  let text = '';
  while (rest > 0n) {
    let digits = Number(rest % step);
    rest /= step;
    for (let count = 0; rest > 0n ? count < digitsAtOnce : digits > 0; count++) {
      text = base62Alphabet[digits % 62] + text;
      digits = Math.floor(digits / 62);
    }
  }
  return text;
}

/** Six digits without modulo bias, leading zeros kept. */
export function newCode(): Secret {
  return new Secret(String(randomInt(0, 1_000_000)).padStart(6, '0'));
}

/** Letters of an alphabet, each as likely as the others. */
export function randomLetters(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(0, alphabet.length)]).join('');
}

/** Compares in constant time; different lengths are simply different. */
export function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
