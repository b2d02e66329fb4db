import { hash, hashRaw, parseOptions } from '@node-rs/argon2';
import { whenSlotIsFree } from './hashing-queue.ts';
import { type HashType, parseHash, type SaltPosition } from './imported-hash.ts';

/** A stored password: ours are `argon2`, the rest are what other systems exported. */
export interface PasswordHash {
  readonly hash: string;
  readonly type: HashType;
  readonly saltPosition: SaltPosition | null;
}

/** Argon2id; memory in KiB. The library draws a salt of 16 bytes. */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 };

/** A password is taken exactly as sent, except that one letter has one spelling (NFC). */
const normalized = (plain: string): string => plain.normalize('NFC');

export async function hashPassword(plain: string): Promise<PasswordHash> {
  const text = await whenSlotIsFree(() => hash(normalized(plain), parameters));
  return { hash: text, type: 'argon2', saltPosition: null };
}

/** Whether the password is the one that was hashed. Costs what the hash says, in a slot of the queue. */
export const matchesHash = async (stored: PasswordHash, plain: string): Promise<boolean> =>
  (await timedMatch(stored, plain)).isMatch;

/** The same, and how long it took once it had its slot, in milliseconds. */
export async function timedMatch(stored: PasswordHash, plain: string): Promise<{ isMatch: boolean; ms: number }> {
  const verify = parseHash(stored.type, stored.hash, stored.saltPosition);
  return whenSlotIsFree(async () => {
    const started = performance.now();
    return { isMatch: await verify(normalized(plain)), ms: performance.now() - started };
  });
}

/** As long as verifying one of our hashes takes, so that time does not tell whether there was one. */
export async function spendOneHash(plain: string): Promise<void> {
  await whenSlotIsFree(() => hashRaw(normalized(plain), parameters));
}

const ourPrefix = `$argon2id$v=19$m=${parameters.memoryCost},t=${parameters.timeCost},p=${parameters.parallelism}$`;

/** Whether checking it takes another time than checking one that we make now. */
export const isImported = ({ hash: text, type }: PasswordHash): boolean =>
  type !== 'argon2' || !text.startsWith(ourPrefix);

/** Whether the hash should be replaced by one of ours the next time its password is seen. */
export function isWeakerThanOurs({ hash: text, type }: PasswordHash): boolean {
  if (type !== 'argon2' || !text.startsWith('$argon2id$')) return true;
  const { memoryCost, timeCost } = parseOptions(text);
  return memoryCost < parameters.memoryCost || timeCost < parameters.timeCost;
}
