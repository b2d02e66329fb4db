import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/**
 * The built-in list of leaked passwords, which works offline. It is kept as 40 bits of a hash each: the first 16 choose
 * a bucket, the other 24 stand in it. `scripts/leaked-passwords.ts` makes the file and says what it is made of.
 *
 * Layout: how many are in each of the 65,536 buckets, a byte per bucket; then their remainders, three bytes each, sorted.
 */
export interface LeakedPasswords {
  readonly size: number;
  /** Whether it is one of them, but for case and look-alikes. Of a million that are not, at most one is taken for one. */
  has(password: string): boolean;
}

const buckets = 2 ** 16;
const remainderBytes = 3;

/** What people put in the place of a letter, and programs that guess passwords undo. */
const lookAlikes: Readonly<Record<string, string>> = {
  '4': 'a',
  '@': 'a',
  '8': 'b',
  '(': 'c',
  '3': 'e',
  '€': 'e',
  '6': 'g',
  '9': 'g',
  '1': 'i',
  '!': 'i',
  '|': 'i',
  l: 'i',
  '0': 'o',
  $: 's',
  '5': 's',
  '7': 't',
  '+': 't',
  '2': 'z',
};

/** One spelling for all that differ in case and look-alikes only. */
export const folded = (password: string): string =>
  password.toLowerCase().replace(/[48@(3€691!|l0$57+2]/g, (letter) => lookAlikes[letter] ?? letter);

function placeOf(password: string): { bucket: number; remainder: number } {
  const digest = hash('sha256', folded(password), 'buffer');
  return { bucket: digest.readUInt16BE(0), remainder: digest.readUIntBE(2, remainderBytes) };
}

/** The file's content for these passwords. */
export function packLeaked(passwords: Iterable<string>): Buffer {
  const remainders = Array.from({ length: buckets }, () => new Set<number>());
  for (const password of passwords) {
    const { bucket, remainder } = placeOf(password);
    remainders[bucket]?.add(remainder);
  }
  const counts = Buffer.from(remainders.map(({ size }) => size));
  const sorted = remainders.flatMap((bucket) => [...bucket].sort((a, b) => a - b));
  const body = Buffer.alloc(sorted.length * remainderBytes);
  for (const [index, remainder] of sorted.entries())
    body.writeUIntBE(remainder, index * remainderBytes, remainderBytes);
  return Buffer.concat([counts, body]);
}

export function readLeaked(file: Buffer): LeakedPasswords {
  const starts = new Uint32Array(buckets + 1);
  for (let bucket = 0; bucket < buckets; bucket++) starts[bucket + 1] = (starts[bucket] ?? 0) + (file[bucket] ?? 0);
  const size = starts[buckets] ?? 0;
  if (file.length !== buckets + size * remainderBytes) throw new Error('The list of leaked passwords is damaged.');
  return {
    size,
    has(password) {
      const { bucket, remainder } = placeOf(password);
      const end = starts[bucket + 1] ?? 0;
      for (let index = starts[bucket] ?? 0; index < end; index++) {
        if (file.readUIntBE(buckets + index * remainderBytes, remainderBytes) === remainder) return true;
      }
      return false;
    },
  };
}

let builtIn: LeakedPasswords | null = null;

/** The list that comes with the server, read when first asked for. */
export function leakedPasswords(): LeakedPasswords {
  builtIn ??= readLeaked(readFileSync(new URL('./leaked-passwords.bin', import.meta.url)));
  return builtIn;
}
