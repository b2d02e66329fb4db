import { createCipheriv, createHash, pbkdf2, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import * as argon2 from '@node-rs/argon2';
import { InvalidPasswordHash } from './errors.ts';

export const hashTypes = ['bcrypt', 'firebase-scrypt', 'ssha', 'ssha256', 'scrypt', 'pbkdf2', 'argon2'] as const;
export type HashType = (typeof hashTypes)[number];

export const saltPositions = ['prefix', 'suffix'] as const;
export type SaltPosition = (typeof saltPositions)[number];

export type Verify = (plain: string) => Promise<boolean>;

/** Costs beyond these are refused: each sign-in pays them, and whoever imports a user chooses them. */
const most = {
  bcryptCost: 14,
  argon2KiB: 128 * 1024,
  argon2Passes: 10,
  pbkdf2Rounds: 2_000_000,
  scryptLogN: 17,
  /** N·r·p, twice what N = 2^17, r = 8, p = 1 makes. */
  scryptWork: 2 ** 21,
  /** 128·N·r. */
  scryptBytes: 256 * 1024 * 1024,
};

const hashBytes = { min: 16, max: 128 };
const maxSaltBytes = 1024;

/**
 * Reads a hash that another system made, and says how to check a password against it.
 *
 * @param saltPosition - where the salt stood; only `ssha256` has a choice, `suffix` when null
 * @throws {InvalidPasswordHash} when it is malformed or absurdly costly
 */
export function parseHash(type: HashType, hash: string, saltPosition: SaltPosition | null): Verify {
  if (saltPosition !== null && type !== 'ssha256')
    refuse("'password_salt_position' belongs to the hash type 'ssha256' only.");
  switch (type) {
    case 'bcrypt':
      return parseBcrypt(hash);
    case 'argon2':
      return parseArgon2(hash);
    case 'scrypt':
      return parseScrypt(hash);
    case 'firebase-scrypt':
      return parseFirebaseScrypt(hash);
    case 'pbkdf2':
      return parsePbkdf2(hash);
    case 'ssha':
      return parseSalted(hash, 'sha1', /^\{SSHA\}/i, 'suffix');
    case 'ssha256':
      return parseSalted(hash, 'sha256', /^\{SSHA256\}/i, saltPosition ?? 'suffix');
  }
}

function refuse(message: string): never {
  throw new InvalidPasswordHash(message);
}

/** `$2b$10$` and 53 characters. `$2x$` marks a broken implementation that no library imitates. */
function parseBcrypt(hash: string): Verify {
  const cost = Number(
    /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(hash)?.[1] ?? refuse("This is not a bcrypt hash like '$2b$10$…'."),
  );
  if (cost < 4 || cost > most.bcryptCost) refuse(`The bcrypt cost is to be 4 to ${most.bcryptCost}; it is ${cost}.`);
  // Loaded when somebody's first sign-in needs it: most installations import nobody.
  return async (plain) => (await import('@node-rs/bcrypt')).verify(plain, hash);
}

/** A PHC string: `$argon2id$v=19$m=65536,t=3,p=4$salt$hash`; argon2i and argon2d too. */
function parseArgon2(hash: string): Verify {
  const { memoryCost, timeCost } = argon2Options(hash);
  if (memoryCost > most.argon2KiB || timeCost > most.argon2Passes) {
    refuse(`Argon2 hashes may ask for ${most.argon2KiB} KiB and ${most.argon2Passes} passes at most.`);
  }
  return (plain) => argon2.verify(hash, plain);
}

function argon2Options(hash: string): { memoryCost: number; timeCost: number } {
  try {
    return argon2.parseOptions(hash);
  } catch {
    return refuse("This is not an Argon2 hash like '$argon2id$v=19$m=65536,t=3,p=4$salt$hash'.");
  }
}

/** PHC strings: `$scrypt$ln=14,r=8,p=1$salt$hash`, with `n=16384` for `ln=14`, and a version or key length, too. */
function parseScrypt(hash: string): Verify {
  const { name, parameters, values } = readPhc(hash);
  const logN = parameters.has('ln') ? numberOf(parameters, 'ln') : Math.log2(numberOf(parameters, 'n'));
  if (name !== 'scrypt' || values.length !== 2)
    refuse("This is not a scrypt hash like '$scrypt$ln=14,r=8,p=1$salt$hash'.");
  const cost = scryptCost(logN, numberOf(parameters, 'r'), numberOf(parameters, 'p', 1));
  const salt = bytesOf(values[0]);
  const expected = hashOf(values[1]);
  return async (plain) => timingSafeEqual(await deriveScrypt(plain, salt, expected.length, cost), expected);
}

/**
 * Firebase's own variant (github.com/firebase/scrypt): the derived key encrypts the project's signer key, and that is
 * the hash. `$firebase-scrypt$…` with `sk` signer key, `ss` salt separator, `r` rounds, `m` memory cost, all base64 or
 * numbers; salt and hash stand last or are named too.
 */
function parseFirebaseScrypt(hash: string): Verify {
  const { name, parameters, values } = readPhc(hash);
  if (name !== 'firebase-scrypt')
    refuse("This is not a Firebase hash like '$firebase-scrypt$r=8,m=14,ss=…,sk=…$salt$hash'.");
  const salt = bytesOf(parameters.get('salt') ?? parameters.get('s') ?? values.shift());
  const expected = hashOf(parameters.get('hash') ?? parameters.get('h') ?? values.shift());
  const signerKey = bytesOf(parameters.get('sk'));
  const separator = bytesOf(parameters.get('ss') ?? '');
  const cost = scryptCost(numberOf(parameters, 'm'), numberOf(parameters, 'r'), 1);
  if (signerKey.length !== expected.length) refuse('The hash and the signer key are to have the same length.');
  return async (plain) => {
    const key = await deriveScrypt(plain, Buffer.concat([salt, separator]), 32, cost);
    const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
    return timingSafeEqual(Buffer.concat([cipher.update(signerKey), cipher.final()]), expected);
  };
}

const pbkdf2Digests = new Map([
  ['sha1', 'sha1'],
  ['sha256', 'sha256'],
  ['sha384', 'sha384'],
  ['sha512', 'sha512'],
]);

/**
 * `$pbkdf2-sha256$i=600000$salt$hash` (PHC), `$pbkdf2-sha256$29000$salt$hash` (passlib; plain `pbkdf2` means SHA-1
 * there), `$pbkdf2$i=…,d=sha512$salt$hash`, and `pbkdf2_sha256$260000$salt$hash` (Django, whose salt is text).
 */
function parsePbkdf2(hash: string): Verify {
  const isDjango = /^pbkdf2_/.test(hash);
  const { name, parameters, values } = readPhc(isDjango ? `$${hash.replace('_', '-')}` : hash);
  const rounds = parameters.has('i') ? numberOf(parameters, 'i') : Number(/^\d{1,9}$/.exec(values.shift() ?? '')?.[0]);
  const named = /^pbkdf2(?:-(.+))?$/.exec(name);
  const digest = pbkdf2Digests.get((named?.[1] ?? parameters.get('d') ?? 'sha1').toLowerCase().replace('-', ''));
  if (!named || !digest || !rounds || values.length !== 2)
    refuse("This is not a PBKDF2 hash like '$pbkdf2-sha256$i=600000$salt$hash'.");
  if (rounds > most.pbkdf2Rounds)
    refuse(`PBKDF2 may ask for ${most.pbkdf2Rounds} rounds at most; this asks for ${rounds}.`);
  const salt = isDjango ? Buffer.from(values[0] ?? '') : bytesOf(values[0]);
  const expected = hashOf(values[1]);
  return async (plain) => timingSafeEqual(await derivePbkdf2(plain, salt, rounds, expected.length, digest), expected);
}

/** LDAP's form (RFC 2307): base64 of the digest followed by the salt. */
function parseSalted(hash: string, digest: 'sha1' | 'sha256', scheme: RegExp, position: SaltPosition): Verify {
  const bytes = bytesOf(hash.replace(scheme, ''));
  const length = digest === 'sha1' ? 20 : 32;
  if (bytes.length < length) refuse(`This is shorter than a ${digest} digest.`);
  const expected = bytes.subarray(0, length);
  const salt = bytes.subarray(length);
  return async (plain) => {
    const text = Buffer.from(plain);
    const salted = position === 'prefix' ? [salt, text] : [text, salt];
    return timingSafeEqual(createHash(digest).update(Buffer.concat(salted)).digest(), expected);
  };
}

interface Phc {
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** What stands between the dollar signs without a name: salt, then hash. */
  readonly values: string[];
}

/** `$name$key=value,key=value$value$value`. Exporters differ in what they name, so parameters may stand anywhere. */
function readPhc(hash: string): Phc {
  const [empty, name = '', ...fields] = hash.split('$');
  if (empty !== '' || fields.length > 12) refuse("The hash is to begin with '$' and the name of its algorithm.");
  const parameters = new Map<string, string>();
  const values: string[] = [];
  for (const field of fields) {
    // Padding is the only `=` in base64, and it ends the value.
    const pairs = field.split(',').map((pair) => /^([a-z]{1,4})=([^=].*)$/i.exec(pair));
    if (pairs.every((pair) => pair === null)) values.push(field);
    for (const pair of pairs) if (pair) parameters.set(pair[1]?.toLowerCase() ?? '', pair[2] ?? '');
  }
  return { name, parameters, values };
}

function numberOf(parameters: ReadonlyMap<string, string>, name: string, otherwise?: number): number {
  const text = parameters.get(name) ?? otherwise?.toString() ?? '';
  return /^\d{1,9}$/.test(text) && Number(text) > 0 ? Number(text) : refuse(`The hash lacks its parameter '${name}'.`);
}

/** Base64 as exporters write it: padded or not, URL-safe or not, and passlib's with a dot for the plus. */
function bytesOf(text: string | undefined): Buffer {
  if (text === undefined || !/^[A-Za-z0-9+/._-]*={0,2}$/.test(text)) refuse('Salt and hash are to be base64.');
  const bytes = Buffer.from(text.replaceAll('.', '+'), 'base64');
  return bytes.length <= maxSaltBytes ? bytes : refuse(`Nothing in a hash may be longer than ${maxSaltBytes} bytes.`);
}

function hashOf(text: string | undefined): Buffer {
  const bytes = bytesOf(text);
  if (bytes.length >= hashBytes.min && bytes.length <= hashBytes.max) return bytes;
  return refuse(`The hash itself is to have ${hashBytes.min} to ${hashBytes.max} bytes.`);
}

interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
  readonly maxmem: number;
}

function scryptCost(logN: number, r: number, p: number): ScryptCost {
  const N = 2 ** logN;
  const tooMuch = logN > most.scryptLogN || N * r * p > most.scryptWork || 128 * N * r > most.scryptBytes;
  if (!Number.isInteger(logN) || tooMuch)
    refuse(`scrypt is to have an N that is a power of two, at most 2^${most.scryptLogN}, with r and p to match.`);
  return { N, r, p, maxmem: 128 * r * (N + p) + 1024 * 1024 };
}

const derivePbkdf2 = promisify(pbkdf2);

const deriveScrypt = (plain: string, salt: Buffer, length: number, cost: ScryptCost): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(plain, salt, length, cost, (error, key) => (error ? reject(error) : resolve(key)));
  });
