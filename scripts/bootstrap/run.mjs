// @ts-check
/** Running another program as if it were this one: its signals, its exit, its parent. */
import { nameWorker } from './lock.mjs';
import { Stop } from './stop.mjs';

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<{ code: number | null, signal: NodeJS.Signals | null, received: NodeJS.Signals | null }>} how it
 *   ended, and the first signal that we were sent meanwhile
 */
export async function run(command, args, options) {
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
export function endLike(/** @type {number | null} */ code, /** @type {NodeJS.Signals | null} */ signal) {
  if (signal) {
    process.kill(process.pid, signal);
    // A signal that does not end us (or ends us only after this turn) must not turn into a success.
    process.exitCode = 1;
    return;
  }
  process.exit(code ?? 1);
}

const PARENT_CHECK_MS = 1_000;

/**
 * Under npm, ends what we run when npm is gone. package.json says `exec node ...`, so npm is our parent and its signals
 * reach us, but `kill -9` on it would leave a server behind that nobody can see and that still holds its port.
 */
export function endWithNpm() {
  if (!process.env.npm_lifecycle_event) return;
  const npmProcess = process.ppid;
  const check = setInterval(() => {
    if (process.ppid === npmProcess) return;
    clearInterval(check);
    process.kill(process.pid, 'SIGTERM');
  }, PARENT_CHECK_MS);
  check.unref();
}
