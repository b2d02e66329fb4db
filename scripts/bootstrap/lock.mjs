// @ts-check
/** One at a time: what two starts of one clone must not do side by side. */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readIfThere, replace, root } from './files.mjs';
import { say } from './stop.mjs';

const locks = join(root, '.cache', 'locks');

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
export async function withLock(name, work) {
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
export function nameWorker(pid) {
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
