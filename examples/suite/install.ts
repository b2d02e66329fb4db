/** An example as its reader has it: a copy of the folder's own files, `npm ci`, and `npm run build` if there is one. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { outerEnvironment } from '../../packages/server/test/processes.ts';
import { alone } from './alone.ts';
import { UNOBSERVED } from './app.ts';
import { filesOf } from './fingerprint.ts';

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
  /** Further files, by name. */
  readonly added?: Readonly<Record<string, string>>;
}

/**
 * Copies of the same files share one install. A copy whose dependencies are those of an older copy takes its
 * node_modules over, so that a changed line costs a build and no install.
 *
 * @param name - the folder's below `examples/`
 * @throws an error with what npm wrote, when it fails
 */
export async function install(name: string, sdk: Sdk): Promise<Installed> {
  const copy = copyOf(name, sdk);
  await alone(lockOf(copy), () => fill(copy));
  const manifest = readFileSync(join(copy.folder, 'node_modules', sdk.package, 'package.json'), 'utf8');
  return { folder: copy.folder, sdkVersion: (JSON.parse(manifest) as { version: string }).version };
}

/** Ahead of time, with the SDK of the lockfile: installs what no copy has yet, and leaves the copies there are alone. */
export async function prepare(name: string): Promise<void> {
  const copy = copyOf(name);
  await alone(lockOf(copy), async () => {
    const isThere = copiesOf(copy.line).some((folder) => readIfThere(stampOf(folder)) === copy.wanted);
    if (!isThere) await fill(copy);
  });
}

interface Copy {
  /** The example, and the SDK's version where it is not the lockfile's. */
  readonly line: string;
  readonly folder: string;
  readonly files: readonly (readonly [name: string, text: string])[];
  /** What is installed besides the lockfile's, as npm takes it. */
  readonly others: readonly string[];
  /** Of all that decides about node_modules. */
  readonly wanted: string;
}

function copyOf(name: string, sdk?: Sdk): Copy {
  const adapted = sdk?.adapted ?? ((file, text) => [file, text]);
  const own = filesOf(name).filter((file) => !file.endsWith('.test.ts'));
  const files = [
    ...own.map((file) => adapted(file, readFileSync(join(ROOT, 'examples', name, file), 'utf8'))),
    ...Object.entries(sdk?.added ?? {}),
  ];
  const line = sdk?.version ? `${name}@${sdk.version}` : name;
  const others = [...(sdk?.version ? [`${sdk.package}@${sdk.version}`] : []), ...(sdk?.beside ?? [])];
  const manifests = files.filter(([file]) => /^(package(-lock)?\.json|\.npmrc)$/.test(file));
  const folder = join(CACHE, `${line}-${hashOf(files, others)}`);
  return { line, folder, files, others, wanted: hashOf(manifests, others) };
}

/** What prepares an example must not meet what walks through it. */
const lockOf = ({ line }: Copy): string => join(CACHE, `${line}.lock`);

async function fill({ line, folder, files, others, wanted }: Copy): Promise<void> {
  if (readIfThere(stampOf(folder)) === wanted) return;
  rmSync(folder, { recursive: true, force: true });
  for (const [file, text] of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  if (!adopt(line, folder, wanted)) {
    await npm(folder, NEEDED);
    if (others.length > 0) await npm(folder, ['install', '--no-save', '--no-audit', '--no-fund', ...others]);
  }
  writeFileSync(stampOf(folder), wanted);
}

/**
 * `npm run build`, unless it was done with the same values before. An example without that script needs none.
 *
 * @param inlined - the variables whose values the build puts into its output
 */
export async function build(folder: string, inlined: Readonly<Record<string, string>>): Promise<void> {
  const { scripts = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    scripts?: Record<string, string>;
  };
  if (!scripts.build) return;
  const stamp = join(folder, '.built-with.json');
  const values = JSON.stringify(inlined);
  if (readIfThere(stamp) === values) return;
  rmSync(stamp, { force: true });
  await npm(folder, ['run', 'build'], inlined);
  writeFileSync(stamp, values);
}

function hashOf(files: readonly (readonly [name: string, text: string])[], others: readonly string[]): string {
  const hash = createHash('sha256').update(others.join(' '));
  for (const [file, text] of files) hash.update(`\0${file}\0`).update(text);
  return hash.digest('hex').slice(0, 16);
}

/** Takes the place of the copies before it, and their node_modules where they are the wanted ones. */
function adopt(line: string, folder: string, wanted: string): boolean {
  let adopted = false;
  for (const older of copiesOf(line)) {
    if (older === folder) continue;
    if (!adopted && readIfThere(stampOf(older)) === wanted) {
      renameSync(join(older, 'node_modules'), join(folder, 'node_modules'));
      adopted = true;
    }
    rmSync(older, { recursive: true, force: true });
  }
  return adopted;
}

const copiesOf = (line: string): readonly string[] =>
  readdirSync(CACHE)
    .filter((entry) => entry.slice(0, entry.lastIndexOf('-')) === line)
    .map((entry) => join(CACHE, entry));

/** Written when everything else is there. */
const stampOf = (folder: string): string => join(folder, 'node_modules', '.authkit-example');

async function npm(folder: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<void> {
  const child = spawn('npm', args, {
    cwd: folder,
    env: { ...outerEnvironment(), ...UNOBSERVED, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  const ended = once(child, 'close');
  const [said, complained, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code !== 0) throw new Error(`\`npm ${args.join(' ')}\` failed in ${folder}.\n${said}${complained}`);
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return null;
    throw error;
  }
}
