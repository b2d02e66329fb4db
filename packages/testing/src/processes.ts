/** Programs as people start them: a process group of its own, waited for until it is ready, and ended with all below it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** Long: a program may install and build before it is ready. */
const readyTimeoutMs = 180_000;
/** How long a program may take to end when it is asked: longer than the platform lets requests under way finish. */
const patienceMs = 35_000;
/** How much of what a program wrote is kept, from its end. */
const logLength = 64_000;

export interface ProcessOptions {
  /** The working directory of this process when not given. */
  readonly cwd?: string;
  /** Besides `outerEnvironment()`. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface StartedProcess extends AsyncDisposable {
  /** The first line on its stdout, which ours write when they are ready. */
  readonly line: string;
  /** Asks it to end and waits until it has. */
  stop(): Promise<void>;
  /** `kill -9`: it gets no chance to finish anything. */
  kill(): Promise<void>;
}

/** Starts a program and waits for the first line on its stdout. @throws an error that holds what it wrote to stderr */
export async function startProcess(
  command: string,
  args: readonly string[],
  { cwd, env = {} }: ProcessOptions = {},
): Promise<StartedProcess> {
  const program = launch(command, args, { cwd, env: { ...outerEnvironment(), ...env }, channel: 'ipc' });
  const lines = createInterface({ input: program.stdout });
  try {
    const [line] = (await Promise.race([
      once(lines, 'line', { signal: AbortSignal.timeout(readyTimeoutMs) }),
      program.ended.then((code) => Promise.reject(new Error(`it ended with code ${code}`))),
    ])) as [string];
    const { stop, kill } = program;
    return { line, stop, kill, [Symbol.asyncDispose]: stop };
  } catch (cause) {
    await program.stop();
    throw new Error(`\`${command} ${args.join(' ')}\` did not start.\n${program.log()}`, { cause });
  }
}

export interface Program {
  readonly stdout: Readable;
  /** The exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  /** The newest of what it wrote to stderr. */
  log(): string;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

interface LaunchOptions {
  readonly cwd?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  /**
   * What tells the program that this process is gone, however it went: an IPC channel, to which `authkit dev` listens, or
   * a pipe, its file descriptor 3.
   */
  readonly channel: 'ipc' | 'pipe';
}

/** A group of its own, because npm and the shell below it must not outlive the program, nor it them. */
export function launch(command: string, args: readonly string[], { cwd, env, channel }: LaunchOptions): Program {
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe', channel], detached: true });
  let log = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-logLength);
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve);
    child.once('error', reject);
  });
  ended.catch(() => {});
  // Whoever reads the pipe learns that there is nothing left to watch; until then it would keep 'close' from coming.
  if (channel === 'pipe') child.once('exit', () => (child.stdio[3] as Writable).destroy());
  const killGroup = () => signalGroup(child, 'SIGKILL');
  process.once('exit', killGroup);
  child.once('close', () => process.off('exit', killGroup));
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    signalGroup(child, signal);
    const timer = setTimeout(killGroup, patienceMs);
    await ended.catch(() => {});
    clearTimeout(timer);
  };
  return {
    // There is one whenever stdio says 'pipe', also where the program could not be started.
    stdout: child.stdout as Readable,
    ended,
    log: () => log,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

function signalGroup(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // It ended by itself a moment ago.
    if ((error as { code?: string }).code !== 'ESRCH') throw error;
  }
}

/** Ours, without what a developer's shell, `npm test` or a test runner set for purposes of their own. */
export function outerEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(WORKOS_|AUTHKIT_|DATABASE_URL$|PORT$|NODE_OPTIONS$|NODE_TEST_|npm_(?!config_))/;
  const narrowing = /^npm_config_(loglevel|json|workspaces?|include_workspace_root|global|omit|production|dry_run)$/;
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !foreign.test(name) && !narrowing.test(name)),
  );
}

/** A port that is free now, for an address that must be known before its server starts. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (!address || typeof address === 'string') throw new Error('A server without a port.');
  return address.port;
}
