// @ts-check
/**
 * What `npm start`, `npm test` and `npm run check` do before their own work, so that each runs in a clean clone with no
 * other command first: install what the lockfile names, build the dashboard, find a Node that strips types.
 *
 * It needs nothing installed and runs on Node >= 20. On a warm start it costs a few stats: content is hashed only when a
 * size or a modification time changed. All it says goes to stderr, because stdout belongs to `authkit dev --json`.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, isBuilt } from './bootstrap/build-dashboard.mjs';
import { root } from './bootstrap/files.mjs';
import { atLeast, findRuntime } from './bootstrap/find-node.mjs';
import { install, isInstalled, typedExample } from './bootstrap/install.mjs';
import { withLock } from './bootstrap/lock.mjs';
import { endLike, endWithNpm, run } from './bootstrap/run.mjs';
import { orStop, Stop } from './bootstrap/stop.mjs';

/** The first Node that has everything we use without a flag or a warning: type stripping and `node:sqlite`. */
const REQUIRED_NODE = /** @type {const} */ ([24, 15]);
/** Oldest Node these scripts themselves promise to run on. */
const OLDEST_NODE = [20, 0];

/**
 * Makes the clone ready to run: installs and builds what is missing or older than its sources.
 *
 * @param {{ examples?: boolean }} [options] - examples: the one that pages are typed in as well, which only the tests need
 */
export async function prepare({ examples = false } = {}) {
  await orStop(async () => {
    if (!atLeast(process.versions.node, OLDEST_NODE)) {
      throw new Stop(
        `AuthKit needs Node ${OLDEST_NODE[0]} or newer, and this is ${process.version}. Install one from your system or from nodejs.org.`,
      );
    }
    for (const folder of [root, ...(examples ? [typedExample] : [])]) {
      if (!isInstalled(folder)) await withLock('install', async () => isInstalled(folder) || (await install(folder)));
    }
    if (!isBuilt()) await withLock('dashboard', async () => isBuilt() || (await build()));
  });
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
    const { code, signal } = await run(await findRuntime(REQUIRED_NODE), [file, ...args], { stdio: 'inherit' });
    endLike(code, signal);
  });
}
