import { setTimeout as sleep } from 'node:timers/promises';
import { launch } from './processes.ts';

/** Long: a development server may compile before it answers. */
const defaultTimeoutMs = 120_000;
const pollMs = 50;

/**
 * Runs the command with all it writes in one stream, and ends its whole group when descriptor 3 closes: when the process
 * that started it is gone. The watcher has no part in the output, which would otherwise stay open as long as it watches.
 */
const watched = '(cat <&3; kill -s TERM 0) >/dev/null 2>&1 & exec 3<&- 1>&2; eval "$0"';

export interface AppOptions {
  /** Where it will be. Its port is given to the command as `PORT`. */
  readonly origin: string;
  /** The working directory of this process when not given. */
  readonly cwd?: string | undefined;
  /** Besides those it inherits. */
  readonly env?: Readonly<Record<string, string>>;
  /** The variables that `env` is added to. Default: those of this process. */
  readonly inherited?: NodeJS.ProcessEnv;
  /** What is asked for until there is any answer. Default `/`. */
  readonly readyPath?: string | undefined;
  /** How long that may take. Default 120 000. */
  readonly timeoutMs?: number | undefined;
}

export interface RunningApp extends AsyncDisposable {
  readonly origin: string;
  /** The newest of what it wrote. */
  log(): string;
  stop(): Promise<void>;
}

/**
 * Starts an app by a shell command, `npm run dev` for one, and waits until it answers.
 *
 * @throws an error that holds what it wrote, when it ends or stays silent
 */
export async function startApp(
  command: string,
  { origin, cwd, env = {}, inherited = process.env, readyPath = '/', timeoutMs = defaultTimeoutMs }: AppOptions,
): Promise<RunningApp> {
  const { port } = new URL(origin);
  const program = launch('/bin/sh', ['-c', watched, command], {
    cwd,
    env: { ...inherited, ...env, PORT: port },
    channel: 'pipe',
  });
  let hasEnded = false;
  program.ended.then(
    () => {
      hasEnded = true;
    },
    () => {
      hasEnded = true;
    },
  );
  for (const deadline = Date.now() + timeoutMs; !(await answers(origin + readyPath)); await sleep(pollMs)) {
    if (!hasEnded && Date.now() < deadline) continue;
    const what = hasEnded ? 'ended before it answered' : `did not answer within ${timeoutMs / 1000} s`;
    await program.stop();
    throw new Error(`\`${command}\` ${what} at ${origin}${readyPath}.\n${program.log()}`);
  }
  return { origin, log: program.log, stop: program.stop, [Symbol.asyncDispose]: program.stop };
}

const answers = (url: string): Promise<boolean> =>
  fetch(url, { redirect: 'manual' }).then(
    async (response) => {
      await response.body?.cancel();
      return true;
    },
    () => false,
  );
