/** The example's process: `npm start` with nothing but an environment. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { outerEnvironment } from '../../packages/server/test/processes.ts';

const START_TIMEOUT_MS = 60_000;

/** Keeps frameworks from reporting to their makers. */
export const UNOBSERVED = { NEXT_TELEMETRY_DISABLED: '1' };

export interface App extends AsyncDisposable {
  /** Origin, as in the redirect URI. */
  readonly url: string;
  /** What it wrote so far. */
  log(): string;
}

/** Waits until it answers. @throws an error that holds what it wrote, when it ends or does not answer in a minute */
export async function startApp(folder: string, port: number, env: Readonly<Record<string, string>>): Promise<App> {
  const child = spawn('npm', ['start'], {
    cwd: folder,
    env: { ...outerEnvironment(), ...UNOBSERVED, ...env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // A group of its own: npm and the shell below it must not outlive the test.
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
  }
  const url = `http://localhost:${port}`;
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await answers(url))) {
    if (child.exitCode === null && child.signalCode === null && Date.now() < deadline) await sleep(50);
    else {
      await end(child);
      throw new Error(`\`npm start\` did not bring the app up in ${folder}.\n${log}`);
    }
  }
  return { url, log: () => log, [Symbol.asyncDispose]: () => end(child) };
}

const answers = (url: string): Promise<boolean> =>
  fetch(url, { redirect: 'manual' }).then(
    () => true,
    () => false,
  );

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  process.kill(-child.pid, 'SIGTERM');
  await closed;
}
