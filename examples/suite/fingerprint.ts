/** What a row of the compatibility page was proved with: by it, a row that has grown stale is known. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
/** Of a digest: enough to tell two states of a folder apart. */
const LENGTH = 12;

/** Tracked files of a folder below `examples/`, and what somebody is about to commit; relative to it, in order. */
export function filesOf(name: string): readonly string[] {
  const cwd = join(ROOT, 'examples', name);
  const args = ['ls-files', '--cached', '--others', '--exclude-standard'];
  const { status, stdout, stderr } = spawnSync('git', ['-c', `safe.directory=${ROOT}`, ...args], {
    cwd,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  const files = stdout.split('\n').filter((file) => file !== '' && existsSync(join(cwd, file)));
  return [...new Set(files)].sort();
}

/** Of everything in the folder, lockfile and tests included, but for what people read beside it. */
export function fingerprintOf(name: string): string {
  const hash = createHash('sha256');
  for (const file of filesOf(name).filter((each) => !each.endsWith('.md')))
    hash.update(`\0${file}\0`).update(readFileSync(join(ROOT, 'examples', name, file)));
  return hash.digest('hex').slice(0, LENGTH);
}
