// @ts-check
/**
 * What `npm start`, `npm test` and `npm run check` do before their own work, so that each runs in a clean clone with no
 * other command first: install what the lockfile names, build the dashboard, find a Node that strips types.
 *
 * It needs nothing installed and runs on Node >= 20. On a warm start it costs a few stats: content is hashed only when a
 * size or a modification time changed. All it says goes to stderr, because stdout belongs to `authkit dev --json`.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** The first Node that has everything we use without a flag or a warning: type stripping and `node:sqlite`. */
const REQUIRED_NODE = [24, 15];
/** Oldest Node these scripts themselves promise to run on. */
const OLDEST_NODE = [20, 0];

const modules = join(root, 'node_modules');
const dashboard = join(root, 'apps', 'dashboard');
const dashboardPage = join(dashboard, 'dist', 'index.html');
/** Not inside dist, which is served to browsers. */
const dashboardStamp = join(root, '.cache', 'dashboard-build.json');
const locks = join(root, '.cache', 'locks');

const say = (/** @type {string} */ line) => process.stderr.write(`${line}\n`);

/** A problem the reader can solve: printed as one line, without a stack. */
class Stop extends Error {
  constructor(/** @type {string} */ message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * Makes the clone ready to run: installs and builds what is missing or older than its sources.
 *
 * @param {{ examples?: boolean }} [options] - examples: theirs too, which only the tests need
 */
export async function prepare({ examples = false } = {}) {
  await orStop(async () => {
    if (!atLeast(process.versions.node, OLDEST_NODE)) {
      throw new Stop(
        `AuthKit needs Node ${OLDEST_NODE[0]} or newer, and this is ${process.version}. Install one from your system or from nodejs.org.`,
      );
    }
    for (const folder of [root, ...(examples ? exampleFolders() : [])]) {
      if (!isInstalled(folder)) await withLock('install', async () => isInstalled(folder) || (await install(folder)));
    }
    if (!isBuilt()) await withLock('dashboard', async () => isBuilt() || (await build()));
  });
}

/** Examples are apps of their own, with their own lockfiles, as a reader who copies one would have them. */
function exampleFolders() {
  const examples = join(root, 'examples');
  const names = existsSync(examples) ? readdirSync(examples) : [];
  return names.map((name) => join(examples, name)).filter((folder) => existsSync(lockfileOf(folder)));
}

/**
 * Runs one of our scripts under a Node that can, with our arguments, signals and exit code. In this very process when it
 * already is one, which under npm is the usual case: npm puts node_modules/.bin, and so the pinned Node, first on PATH.
 *
 * @param {string} script - relative to the root
 * @param {readonly string[]} args
 */
export async function handOver(script, args) {
  const file = join(root, script);
  endWithNpm();
  if (atLeast(process.versions.node, REQUIRED_NODE)) {
    process.argv.splice(1, process.argv.length, file, ...args);
    await import(pathToFileURL(file).href);
    return;
  }
  await orStop(async () => {
    const { code, signal } = await run(await findRuntime(), [file, ...args], { stdio: 'inherit' });
    endLike(code, signal);
  });
}

const PARENT_CHECK_MS = 1_000;

/**
 * Under npm, ends what we run when npm is gone. package.json says `exec node ...`, so npm is our parent and its signals
 * reach us, but `kill -9` on it would leave a server behind that nobody can see and that still holds its port.
 */
function endWithNpm() {
  if (!process.env.npm_lifecycle_event) return;
  const npmProcess = process.ppid;
  const check = setInterval(() => {
    if (process.ppid === npmProcess) return;
    clearInterval(check);
    process.kill(process.pid, 'SIGTERM');
  }, PARENT_CHECK_MS);
  check.unref();
}

/** Whether a version is the given one or newer. @param {string} version @param {readonly number[]} wanted */
function atLeast(version, [wantedMajor = 0, wantedMinor = 0]) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

/** @param {() => Promise<void>} work */
async function orStop(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    say(error.message);
    process.exit(error.exitCode);
  }
}

// --- Dependencies -----------------------------------------------------------------------------------------------

const lockfileOf = (/** @type {string} */ folder) => join(folder, 'package-lock.json');
/** npm's own record of what it put in place, written after everything else, so its absence means "interrupted". */
const recordOf = (/** @type {string} */ folder) => join(folder, 'node_modules', '.package-lock.json');
/** Inside node_modules, because `npm ci` empties that first: our word on an install cannot outlive the install. */
const stampOf = (/** @type {string} */ folder) => join(folder, 'node_modules', '.authkit-install.json');

/** @param {string} folder */
function isInstalled(folder) {
  if (!existsSync(recordOf(folder))) return false;
  const stamp = readJson(stampOf(folder));
  if (stamp?.platform === platform()) {
    if (stamp.look === look(lockfileOf(folder))) return true;
    // A checkout may touch the lockfile without changing a byte of it.
    if (stamp.hash === hashOf([lockfileOf(folder)])) return stampInstall(folder);
  }
  // Somebody ran npm by hand (`npm ci`, `npm install x`): if its record says the same as the lockfile, there is nothing left to do.
  const here = !stamp || stamp.platform === platform();
  return here && recordMatchesLockfile(folder) ? stampInstall(folder) : false;
}

/** @param {string} folder */
function stampInstall(folder) {
  const lockfile = lockfileOf(folder);
  writeJson(stampOf(folder), { platform: platform(), look: look(lockfile), hash: hashOf([lockfile]) });
  return true;
}

/** Binaries of one system do not run on another, and a node_modules folder travels in images and shared folders. */
const platform = () => `${process.platform}-${process.arch}`;

/** @param {string} folder */
function recordMatchesLockfile(folder) {
  const wanted = readJson(lockfileOf(folder))?.packages;
  const present = readJson(recordOf(folder))?.packages;
  if (!wanted || !present) return false;
  return (
    Object.keys(present).every((path) => path in wanted) &&
    Object.entries(wanted).every(([path, entry]) => {
      if (!path.includes('node_modules/')) return true;
      const installed = present[path];
      // npm leaves out what is optional and made for another system.
      if (!installed) return Boolean(entry.optional || entry.devOptional || entry.peer);
      const same = installed.version === entry.version && installed.integrity === entry.integrity;
      return same && existsSync(join(folder, path, 'package.json'));
    })
  );
}

/** @param {string} folder */
async function install(folder) {
  const where = relative(root, folder);
  if (!existsSync(lockfileOf(folder))) {
    throw new Stop('package-lock.json is missing: restore it (git checkout package-lock.json) and run this again.');
  }
  say(`Installing dependencies${where && ` of ${where}`} with npm ci; this happens once for each package-lock.json.`);
  // First of all, so that whatever interrupts us leaves something that cannot pass for a finished install.
  rmSync(stampOf(folder), { force: true });
  rmSync(recordOf(folder), { force: true });
  // NODE_ENV=production and a user's `omit` would leave out what the dashboard is built with.
  await npm(folder, ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'], 'npm ci did not finish');
  stampInstall(folder);
}

// --- Dashboard --------------------------------------------------------------------------------------------------

function isBuilt() {
  const stamp = readJson(dashboardStamp);
  if (!stamp || !existsSync(dashboardPage)) return false;
  const sources = dashboardSources();
  if (stamp.look === sources.map(look).join('\n')) return true;
  return stamp.hash === hashOf(sources) ? stampBuild(sources) : false;
}

/** @param {readonly string[]} sources */
function stampBuild(sources) {
  writeJson(dashboardStamp, { look: sources.map(look).join('\n'), hash: hashOf(sources) });
  return true;
}

async function build() {
  say('Building the dashboard.');
  rmSync(dashboardStamp, { force: true });
  // Read before the build: a file saved while it runs must make the next start build again.
  const sources = dashboardSources();
  const stamp = { look: sources.map(look).join('\n'), hash: hashOf(sources) };
  await npm(root, ['run', 'build', '-w', '@authkit/dashboard'], 'The dashboard did not build');
  if (!existsSync(dashboardPage))
    throw new Stop(
      `The dashboard was built, and yet ${relative(root, dashboardPage)} is missing: look at its vite.config.ts.`,
    );
  writeJson(dashboardStamp, stamp);
}

/** Everything that decides what the build makes: its own files, the API client it shows, and the versions of both. */
function dashboardSources() {
  return [lockfileOf(root), ...filesUnder(dashboard), ...filesUnder(join(root, 'packages', 'client'))].sort();
}

/** @param {string} folder @returns {string[]} */
function filesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ['node_modules', 'dist'].includes(entry.name) ? [] : filesUnder(path);
    return entry.isFile() && !/\.test\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

// --- Running things ---------------------------------------------------------------------------------------------

/**
 * The npm that called us, or the one on PATH, kept off the node_modules it is about to replace.
 *
 * @param {string} folder
 * @param {readonly string[]} args
 * @param {string} failure - how the one line begins when it fails
 */
async function npm(folder, args, failure) {
  const env = cleanEnvironment();
  const script = process.env.npm_execpath;
  const cli = script && /npm-cli\.c?js$/.test(script) && existsSync(script) ? script : null;
  const command = cli ? callingNode() : 'npm';
  // stdout becomes our stderr: the reader of `--json` waits for one line and must not get npm's.
  const { code, signal, received } = await run(command, [...(cli ? [cli] : []), ...args, '--loglevel=notice'], {
    cwd: folder,
    env,
    stdio: ['ignore', 2, 2],
    shell: !cli && process.platform === 'win32',
  });
  if (received) {
    throw new Stop(`${failure}: interrupted. Run the command again to go on.`, 128 + constants.signals[received]);
  }
  if (code !== 0) {
    throw new Stop(
      `${failure} (${signal ?? `exit code ${code}`}); the reason is above. Run the command again once it is solved.`,
    );
  }
}

/** The Node that runs npm, unless that is the pinned one, which an install takes away in the middle of its work. */
function callingNode() {
  const caller = process.env.npm_node_execpath;
  if (caller && existsSync(caller) && !inOurModules(caller)) return caller;
  return inOurModules(process.execPath) ? 'node' : process.execPath;
}

function cleanEnvironment() {
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, PATH: outerPath().join(delimiter) };
  // What was meant for the outer command (`npm start --silent`) must not silence, narrow or redirect the inner one.
  for (const name of [
    'loglevel',
    'json',
    'workspace',
    'workspaces',
    'include_workspace_root',
    'global',
    'omit',
    'production',
    'dry_run',
  ]) {
    delete env[`npm_config_${name}`];
  }
  return env;
}

/** PATH without our own node_modules. */
const outerPath = () =>
  (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '' && !inOurModules(folder));
const inOurModules = (/** @type {string} */ path) =>
  resolve(path).startsWith(modules + sep) || resolve(path) === modules;

/** A Node that runs TypeScript: the pinned one, else one on PATH. */
async function findRuntime() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const { spawnSync } = await import('node:child_process');
  for (const file of [join(modules, 'node', 'bin', name), ...outerPath().map((folder) => join(folder, name))]) {
    if (!existsSync(file)) continue;
    const answer = spawnSync(file, ['--print', 'process.versions.node'], { encoding: 'utf8' });
    if (answer.status === 0 && atLeast(answer.stdout, REQUIRED_NODE)) return file;
  }
  throw new Stop(
    `AuthKit runs on Node ${REQUIRED_NODE.join('.')} or newer: the npm package "node" brought no binary for ${platform()}, and PATH has only ${process.version}. Install Node 24, or allow the package's install script and run npm rebuild node.`,
  );
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<{ code: number | null, signal: NodeJS.Signals | null, received: NodeJS.Signals | null }>} how it
 *   ended, and the first signal that we were sent meanwhile
 */
async function run(command, args, options) {
  const { spawn } = await import('node:child_process');
  const child = spawn(command, args, options);
  nameWorker(child.pid);
  /** @type {NodeJS.Signals | null} */
  let received = null;
  const stopForwarding = forwardSignals(child, (signal) => {
    received ??= signal;
  });
  try {
    return await new Promise((done, fail) => {
      child.once('error', (error) => fail(new Stop(`Could not start ${command}: ${error.message}.`, 127)));
      child.once('exit', (code, signal) => done({ code, signal, received }));
    });
  } finally {
    stopForwarding();
  }
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {(signal: NodeJS.Signals) => void} note
 */
function forwardSignals(child, note) {
  const forwarded = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  // Ctrl-C reaches the whole group at once, and npm forwards it a second time: the child should see one, not three.
  const REPEAT_MS = 500;
  let last = 0;
  const forward = (/** @type {NodeJS.Signals} */ signal) => {
    note(signal);
    const repeated = Date.now() - last < REPEAT_MS;
    last = Date.now();
    if (!repeated && child.exitCode === null && child.signalCode === null) child.kill(signal);
  };
  for (const signal of forwarded) process.on(signal, forward);
  return () => {
    for (const signal of forwarded) process.off(signal, forward);
  };
}

/** Ends this process the way the child ended, so that a shell or a supervisor sees no difference. */
function endLike(/** @type {number | null} */ code, /** @type {NodeJS.Signals | null} */ signal) {
  if (signal) {
    process.kill(process.pid, signal);
    // A signal that does not end us (or ends us only after this turn) must not turn into a success.
    process.exitCode = 1;
    return;
  }
  process.exit(code ?? 1);
}

// --- One at a time ----------------------------------------------------------------------------------------------

const BEAT_MS = 1_000;
/** No sign of life for this long means the holder is gone, though another process may have its id by now. */
const DEAD_AFTER_MS = 10_000;
/** How long an npm may still run that outlived the start which called it. */
const ORPHAN_MS = 15 * 60_000;
/** What a lock file says instead of process ids once it is released. */
const FREE = 'free';

/** The lock this process holds. @type {string | null} */
let held = null;

/**
 * Runs work while nobody else in this clone does. Node has no file lock that the system frees, so each holder claims the
 * next number by creating `install.7`, which only one process can, and nobody ever removes the highest number: there is
 * no moment in which two could take over from the same dead holder.
 *
 * @param {string} name
 * @param {() => Promise<unknown>} work
 */
async function withLock(name, work) {
  const release = await claim(name);
  try {
    await work();
  } finally {
    release();
  }
}

/** @param {string} name */
async function claim(name) {
  mkdirSync(locks, { recursive: true });
  let told = false;
  for (;;) {
    const highest = highestLock(name);
    const holder = holderOf(name, highest);
    if (!holder) {
      try {
        writeFileSync(lockFile(name, highest + 1), String(process.pid), { flag: 'wx' });
      } catch (error) {
        if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
        continue;
      }
      // Somebody slow may claim a number that was taken, released and cleared away long ago.
      if (highestLock(name) === highest + 1) return hold(name, highest + 1);
      rmSync(lockFile(name, highest + 1), { force: true });
      continue;
    }
    if (!told) say(`Waiting for another start in this folder to finish: ${name}, ${holder}.`);
    told = true;
    await new Promise((done) => setTimeout(done, 200));
  }
}

/** @param {string} name @param {number} number */
function hold(name, number) {
  for (const older of lockNumbers(name)) if (older < number) rmSync(lockFile(name, older), { force: true });
  const file = lockFile(name, number);
  held = file;
  const beat = setInterval(() => utimesSync(file, new Date(), new Date()), BEAT_MS);
  const release = () => {
    clearInterval(beat);
    held = null;
    replace(file, FREE);
    process.off('exit', release);
  };
  process.on('exit', release);
  return release;
}

/**
 * Names the npm that works under our lock: when we are killed it goes on alone, and a second one beside it would leave
 * node_modules in pieces.
 *
 * @param {number | undefined} pid
 */
function nameWorker(pid) {
  if (held && pid) replace(held, `${process.pid} ${pid}`);
}

const lockFile = (/** @type {string} */ name, /** @type {number} */ number) => join(locks, `${name}.${number}`);

/** @param {string} name */
function lockNumbers(name) {
  return readdirSync(locks).flatMap((file) =>
    file.startsWith(`${name}.`) && /\.\d+$/.test(file) ? [Number(file.slice(name.length + 1))] : [],
  );
}

const highestLock = (/** @type {string} */ name) => Math.max(0, ...lockNumbers(name));

/** The living holder, to be named to people; null when there is none. @param {string} name @param {number} number */
function holderOf(name, number) {
  try {
    const file = lockFile(name, number);
    const content = readFileSync(file, 'utf8');
    const silentMs = Date.now() - statSync(file).mtimeMs;
    if (content === FREE) return null;
    const [pid, worker] = content.split(' ').map(Number);
    // Nothing in it: created a moment ago, and its number is still being written.
    if (!pid) return silentMs < DEAD_AFTER_MS ? 'just begun' : null;
    if (silentMs < DEAD_AFTER_MS && isAlive(pid)) return `process ${pid}`;
    return worker && silentMs < ORPHAN_MS && isAlive(worker) ? `process ${worker}` : null;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return null;
    throw error;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
  // In a container without an init, what was killed stays a zombie for good and still answers to its id.
  return !/^State:\s+Z/m.test(readIfThere(`/proc/${pid}/status`));
}

// --- Files ------------------------------------------------------------------------------------------------------

/** What a file looks like from outside; as good as its content while nobody sets clocks back. */
function look(/** @type {string} */ file) {
  const stat = statSync(file, { throwIfNoEntry: false });
  return `${relative(root, file)} ${stat?.size} ${stat?.mtimeMs}`;
}

/** @param {readonly string[]} files */
function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const content = readFileSync(file);
    hash.update(`${relative(root, file)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** The parsed file; null when it is missing or was cut short. @param {string} file */
function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** @param {string} file @param {unknown} value */
function writeJson(file, value) {
  mkdirSync(dirname(file), { recursive: true });
  replace(file, JSON.stringify(value));
}

/** Whole or not at all, also when we are stopped in the middle. @param {string} file @param {string} content */
function replace(file, content) {
  const beside = `${file}.${process.pid}.new`;
  writeFileSync(beside, content);
  renameSync(beside, file);
}

/** @param {string} file */
function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
