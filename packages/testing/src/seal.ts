import { createCipheriv, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

const keyBytes = 32;
const minPasswordLength = 32;
const passwordId = '1';

/**
 * Seals a session as the official SDKs for JavaScript do: an iron seal (`Fe26.2`, AES-256-CBC and HMAC-SHA-256, one
 * round of PBKDF2, no expiry) and `~2`, which says that the value is the session itself.
 *
 * @param password - the app's cookie password: 32 characters or more
 */
export function seal(value: unknown, password: string): string {
  if (password.length < minPasswordLength)
    throw new TypeError(`The cookie password needs at least ${minPasswordLength} characters.`);
  const salt = newSalt();
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', keyOf(password, salt), iv);
  const encrypted = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
  const sealed = ['Fe26.2', passwordId, salt, iv.toString('base64url'), encrypted.toString('base64url'), ''].join('*');
  const macSalt = newSalt();
  const mac = createHmac('sha256', keyOf(password, macSalt)).update(sealed).digest('base64url');
  return `${sealed}*${macSalt}*${mac}~2`;
}

/** 256 bits; its hexadecimal spelling is what goes into the key. */
const newSalt = (): string => randomBytes(keyBytes).toString('hex');

const keyOf = (password: string, salt: string): Buffer => pbkdf2Sync(password, salt, 1, keyBytes, 'sha1');
