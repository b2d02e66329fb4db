/**
 * Programs as people start them, and the platform among them: for tests about what only a process of its own has, a
 * command line, an environment, and a sudden end. What our users need of it, too, is `@authkit/testing`.
 */
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Command,
  connectAuthKit,
  freePort,
  type PlatformProcess,
  type ProcessOptions,
  type StartedProcess,
  startPlatform as startChild,
  startProcess as startProgram,
} from '@authkit/testing';

export { outerEnvironment, type StartedProcess } from '@authkit/testing';

export { freePort };

const ROOT = resolve(import.meta.dirname, '../../..');
const MAIL_TIMEOUT_MS = 10_000;

/** In the repository's root, when no folder is given. */
export const startProcess = (
  command: string,
  args: readonly string[],
  options: ProcessOptions = {},
): Promise<StartedProcess> => startProgram(command, args, { cwd: ROOT, ...options });

export interface PlatformOptions {
  /** `npm start`, as in a clean clone, or the program itself, which is there sooner. Default 'npm start'. */
  readonly by?: 'npm start' | 'authkit dev';
  /** Nothing is kept when not given. */
  readonly dataDir?: string;
  readonly databaseUrl?: string | undefined;
  /** What stands in front of it. */
  readonly publicUrl?: string;
  /** What `--seed` is given, as JSON. */
  readonly seed?: Readonly<Record<string, unknown>>;
}

/** The platform in a process of its own, driven by what its one JSON line says. */
export interface Platform extends PlatformProcess {
  /** This very process, whatever stands in front. */
  readonly direct: string;
  /** Calls this process's API with the environment's key. */
  api(method: string, path: string, body?: object): Promise<Response>;
  setClock(now: Date): Promise<void>;
  resetClock(): Promise<void>;
  /** The newest six-digit code sent to the address, as often as it is asked for. */
  mailedCode(to: string): Promise<string>;
}

export async function startPlatform({
  by = 'npm start',
  publicUrl,
  ...options
}: PlatformOptions = {}): Promise<Platform> {
  const command: Command =
    by === 'npm start' ? ['npm', 'start', '--silent', '--'] : [process.execPath, 'packages/cli/bin/authkit.mjs', 'dev'];
  // Behind something else it prints that address, so where it listens is said beforehand.
  const port = publicUrl === undefined ? null : await freePort();
  const more = port === null || publicUrl === undefined ? [] : ['--port', String(port), '--public-url', publicUrl];
  const platform = await startChild(options, { command, cwd: ROOT, more });
  const direct = port === null ? platform.url : `http://localhost:${port}`;
  const { fetch: api, clock, mail } = connectAuthKit({ ...platform, url: direct });
  return {
    ...platform,
    direct,
    api,
    async setClock(now) {
      await clock.set(now);
    },
    async resetClock() {
      await clock.reset();
    },
    async mailedCode(to) {
      const deadline = Date.now() + MAIL_TIMEOUT_MS;
      while (Date.now() < deadline) {
        const [newest] = await mail.list(to);
        if (newest?.code) return newest.code;
        await sleep(50);
      }
      throw new Error(`No code was mailed to ${to}.`);
    },
  };
}
