/** An example as its reader has it: a copy of the folder's own files, `npm ci`, and `npm run build` if there is one. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { outerEnvironment } from '../../packages/server/test/processes.ts';
import { UNOBSERVED } from './app.ts';

const ROOT = resolve(import.meta.dirname, '../..');
// Not below node_modules, where bundlers take every file for somebody else's and leave its TypeScript alone.
const CACHE = join(ROOT, '.cache', 'authkit-examples');
const NEEDED = ['ci', '--no-audit', '--no-fund'];

export interface Installed {
  /** Absolute. */
  readonly folder: string;
  /** What node_modules holds of the SDK. */
  readonly sdkVersion: string;
}

export interface Sdk {
  readonly package: string;
  /** Another than the lockfile's, for the grid. */
  readonly version?: string;
  /** What else is older beside it, as npm takes it: `next@15`. */
  readonly beside?: readonly string[];
  /** How a file of the example differs there: its name and text. Default: not at all. */
  readonly adapted?: (name: string, text: string) => readonly [name: string, text: string];
}

/**
 * Copies of the same files share one install. A copy whose dependencies are those of an older copy takes its
 * node_modules over, so that a changed line costs a build and no install.
 *
 * @param name - the folder's below `examples/`
 * @throws an error with what npm wrote, when it fails
 */
export function install(name: string, sdk: Sdk): Installed {
  const adapted = sdk.adapted ?? ((file, text) => [file, text]);
  const files = ownFiles(name).map((file) => adapted(file, readFileSync(join(ROOT, 'examples', name, file), 'utf8')));
  const line = sdk.version ? `${name}@${sdk.version}` : name;
  const others = [...(sdk.version ? [`${sdk.package}@${sdk.version}`] : []), ...(sdk.beside ?? [])];
  const manifests = files.filter(([file]) => /^(package(-lock)?\.json|\.npmrc)$/.test(file));
  const wanted = hashOf(manifests, others);
  const folder = join(CACHE, `${line}-${hashOf(files, others)}`);
  if (readIfThere(stampOf(folder)) !== wanted) {
    rmSync(folder, { recursive: true, force: true });
    for (const [file, text] of files) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    if (!adopt(line, folder, wanted)) {
      npm(folder, NEEDED);
      if (others.length > 0) npm(folder, ['install', '--no-save', '--no-audit', '--no-fund', ...others]);
    }
    writeFileSync(stampOf(folder), wanted);
  }
  const manifest = readFileSync(join(folder, 'node_modules', sdk.package, 'package.json'), 'utf8');
  return { folder, sdkVersion: (JSON.parse(manifest) as { version: string }).version };
}

/**
 * `npm run build`, unless it was done with the same values before. An example without that script needs none.
 *
 * @param inlined - the variables whose values the build puts into its output
 */
export function build(folder: string, inlined: Readonly<Record<string, string>>): void {
  const { scripts = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    scripts?: Record<string, string>;
  };
  if (!scripts.build) return;
  const stamp = join(folder, '.built-with.json');
  const values = JSON.stringify(inlined);
  if (readIfThere(stamp) === values) return;
  rmSync(stamp, { force: true });
  npm(folder, ['run', 'build'], inlined);
  writeFileSync(stamp, values);
}

/** Tracked ones, and what somebody is about to commit; relative to the example's folder. */
function ownFiles(name: string): readonly string[] {
  const cwd = join(ROOT, 'examples', name);
  const args = ['ls-files', '--cached', '--others', '--exclude-standard'];
  const { status, stdout, stderr } = spawnSync('git', ['-c', `safe.directory=${ROOT}`, ...args], {
    cwd,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  const files = stdout.split('\n').filter((file) => file !== '' && !file.endsWith('.test.ts'));
  return [...new Set(files)].filter((file) => existsSync(join(cwd, file))).sort();
}

function hashOf(files: readonly (readonly [name: string, text: string])[], others: readonly string[]): string {
  const hash = createHash('sha256').update(others.join(' '));
  for (const [file, text] of files) hash.update(`\0${file}\0`).update(text);
  return hash.digest('hex').slice(0, 16);
}

/** Takes the place of the copies before it, and their node_modules where they are the wanted ones. */
function adopt(line: string, folder: string, wanted: string): boolean {
  let adopted = false;
  for (const entry of readdirSync(CACHE)) {
    const older = join(CACHE, entry);
    if (older === folder || entry.slice(0, entry.lastIndexOf('-')) !== line) continue;
    if (!adopted && readIfThere(stampOf(older)) === wanted) {
      renameSync(join(older, 'node_modules'), join(folder, 'node_modules'));
      adopted = true;
    }
    rmSync(older, { recursive: true, force: true });
  }
  return adopted;
}

/** Written when everything else is there. */
const stampOf = (folder: string): string => join(folder, 'node_modules', '.authkit-example');

function npm(folder: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): void {
  const options = { cwd: folder, env: { ...outerEnvironment(), ...UNOBSERVED, ...env }, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
  if (status !== 0) throw new Error(`\`npm ${args.join(' ')}\` failed in ${folder}.\n${stdout}${stderr}`);
}

const readIfThere = (file: string): string | null => (existsSync(file) ? readFileSync(file, 'utf8') : null);
