import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

/** AES-GCM's own sizes: 96 bits of IV (NIST SP 800-38D section 8.2), and the full tag: a shorter one can be guessed. */
const ivBytes = 12;
const tagBytes = 16;

/** One key-encryption key, 32 bytes, from outside the database. */
export interface VaultKey {
  /** Short, stable, written into each record. Two hex digits or more. */
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** A key under an id that follows from its bytes: records of another key then say so instead of failing to open. */
export function vaultKey(bytes: Uint8Array): VaultKey {
  return { id: createHash('sha256').update('authkit:key-id').update(bytes).digest('hex').slice(0, 8), bytes };
}

/**
 * Protects what the database must hold but a thief of the database must not be able to use.
 *
 * `seal` encrypts recoverable secrets with AES-256-GCM; the place (table, row, environment) is authenticated with
 * them, so a record moved elsewhere does not open. `mac` derives keyed hashes for short codes and derived tokens.
 * Several keys may be readable at once while records are being re-encrypted; the first one writes.
 */
export class Vault {
  readonly #keys: ReadonlyMap<string, Uint8Array>;
  readonly #primary: VaultKey;
  /** As key objects: making one out of bytes costs several times what a MAC with it costs. */
  readonly #derived = new Map<string, KeyObject>();

  constructor(keys: readonly [VaultKey, ...VaultKey[]]) {
    for (const key of keys) {
      if (key.bytes.length !== 32) throw new Error('An encryption key must be exactly 32 bytes.');
      if (!/^[0-9a-f]{2,}$/.test(key.id)) throw new Error('An encryption key id is two lower-case hex digits or more.');
    }
    this.#primary = keys[0];
    this.#keys = new Map(keys.map((key) => [key.id, key.bytes]));
    if (this.#keys.size < keys.length) throw new Error('Two encryption keys have the same id.');
  }

  get primaryKeyId(): string {
    return this.#primary.id;
  }

  /** @returns `v1.<key id>.<iv ciphertext tag, base64url>` */
  seal(plaintext: string, place: string): string {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#derive(this.#primary.id, 'seal'), iv);
    cipher.setAAD(Buffer.from(place));
    const body = Buffer.concat([iv, cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `v1.${this.#primary.id}.${body.toString('base64url')}`;
  }

  /** @throws {Error} when the record was changed, moved to another place, or its key is not configured */
  open(sealed: string, place: string): string {
    const [, keyId, body] = /^v1\.([0-9a-f]+)\.([\w-]+)$/.exec(sealed) ?? [];
    const bytes = Buffer.from(body ?? '', 'base64url');
    if (!keyId || bytes.length < ivBytes + tagBytes) throw new Error(`Not a sealed record (${place}).`);
    const decipher = createDecipheriv('aes-256-gcm', this.#derive(keyId, 'seal'), bytes.subarray(0, ivBytes), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(Buffer.from(place));
    decipher.setAuthTag(bytes.subarray(-tagBytes));
    return Buffer.concat([decipher.update(bytes.subarray(ivBytes, -tagBytes)), decipher.final()]).toString('utf8');
  }

  /**
   * A keyed hash (HMAC-SHA256), 32 bytes. `purpose` separates the uses: a value made for one is useless for another.
   *
   * @param keyId - which key; the one that writes, when not given
   */
  mac(purpose: string, message: string, keyId: string = this.#primary.id): Buffer {
    return createHmac('sha256', this.#derive(keyId, `mac:${purpose}`))
      .update(message)
      .digest();
  }

  /** Whether the key that sealed a record is here. */
  canOpen(sealed: string): boolean {
    return this.knows(sealed.split('.')[1] ?? '');
  }

  knows(keyId: string): boolean {
    return this.#keys.has(keyId);
  }

  #derive(keyId: string, purpose: string): KeyObject {
    const name = `${keyId}:${purpose}`;
    const known = this.#derived.get(name);
    if (known) return known;
    const bytes = this.#keys.get(keyId);
    if (!bytes) throw new Error(`The encryption key '${keyId}' is not configured. Add it to the readable keys.`);
    const key = createSecretKey(Buffer.from(hkdfSync('sha256', bytes, '', `authkit:${purpose}`, 32)));
    this.#derived.set(name, key);
    return key;
  }
}
