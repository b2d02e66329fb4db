// @ts-check
/** What a file holds or looks like, and writing one so that nobody ever reads half of it. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** What a file looks like from outside; as good as its content while nobody sets clocks back. */
export function look(/** @type {string} */ file) {
  const stat = statSync(file, { throwIfNoEntry: false });
  return `${relative(root, file)} ${stat?.size} ${stat?.mtimeMs}`;
}

/** @param {readonly string[]} files */
export function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const content = readFileSync(file);
    hash.update(`${relative(root, file)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** The parsed file; null when it is missing or was cut short. @param {string} file */
export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** @param {string} file @param {unknown} value */
export function writeJson(file, value) {
  mkdirSync(dirname(file), { recursive: true });
  replace(file, JSON.stringify(value));
}

/** Whole or not at all, also when we are stopped in the middle. @param {string} file @param {string} content */
export function replace(file, content) {
  const beside = `${file}.${process.pid}.new`;
  writeFileSync(beside, content);
  renameSync(beside, file);
}

/** @param {string} file */
export function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
