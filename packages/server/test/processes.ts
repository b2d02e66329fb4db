/**
 * Programs as people start them, and the platform among them: for tests about what only a process of its own has, a
 * command line, an environment, and a sudden end.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = resolve(import.meta.dirname, '../../..');
const READY_TIMEOUT_MS = 180_000; // A first `npm start` installs and builds.
const MAIL_TIMEOUT_MS = 10_000;

export interface ProcessOptions {
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
  { cwd = ROOT, env = {} }: ProcessOptions = {},
): Promise<StartedProcess> {
  const child = spawn(command, args, {
    cwd,
    env: { ...outerEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // A group of its own: npm and the shell below it must not outlive the program, nor it them.
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const lines = createInterface({ input: child.stdout });
  try {
    const [line] = (await Promise.race([
      once(lines, 'line', { signal: AbortSignal.timeout(READY_TIMEOUT_MS) }),
      once(child, 'close').then(([code]) => Promise.reject(new Error(`it ended with code ${code}`))),
    ])) as [string];
    const stop = () => endGroup(child, 'SIGTERM');
    return { line, stop, kill: () => endGroup(child, 'SIGKILL'), [Symbol.asyncDispose]: stop };
  } catch (cause) {
    await endGroup(child, 'SIGTERM');
    throw new Error(`\`${command} ${args.join(' ')}\` did not start.\n${log}`, { cause });
  }
}

async function endGroup(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  process.kill(-child.pid, signal);
  await closed;
}

/** Ours, without what a developer's shell, `npm test` or the test runner set for purposes of their own. */
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
  assert.ok(address && typeof address === 'object');
  return address.port;
}

export interface PlatformOptions {
  /** `npm start`, as in a clean clone, or the program itself, which is there sooner. Default 'npm start'. */
  readonly by?: 'npm start' | 'authkit dev';
  /** Nothing is kept when not given. */
  readonly dataDir?: string;
  readonly databaseUrl?: string | undefined;
  /** What `--seed` is given, as JSON. */
  readonly seed?: Readonly<Record<string, unknown>>;
}

/** The platform in a process of its own, driven by what its one JSON line says. */
export interface Platform extends StartedProcess {
  readonly url: string;
  readonly dashboardUrl: string;
  readonly apiKey: string;
  readonly clientId: string;
  /** Calls the API with the environment's key. */
  api(method: string, path: string, body?: object): Promise<Response>;
  setClock(now: Date): Promise<void>;
  resetClock(): Promise<void>;
  /** The newest six-digit code sent to the address. Waits for it: mail leaves after the answer to the browser. */
  mailedCode(to: string): Promise<string>;
}

export async function startPlatform({
  by = 'npm start',
  dataDir,
  databaseUrl,
  seed,
}: PlatformOptions = {}): Promise<Platform> {
  const folder = seed && (await mkdtemp(join(tmpdir(), 'authkit-seed-')));
  const seedFile = folder && join(folder, 'seed.json');
  if (seedFile) await writeFile(seedFile, JSON.stringify(seed));
  const options = [
    ...['--port', '0', '--json'],
    ...(dataDir === undefined ? ['--ephemeral'] : ['--data-dir', dataDir]),
    ...(seedFile ? ['--seed', seedFile] : []),
  ];
  const env: Record<string, string> = databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl };
  try {
    const started = await (by === 'npm start'
      ? startProcess('npm', ['start', '--silent', '--', ...options], { env })
      : startProcess(process.execPath, ['packages/cli/bin/authkit.mjs', 'dev', ...options], { env }));
    return platformOf(started);
  } finally {
    if (folder) await rm(folder, { recursive: true, force: true });
  }
}

function platformOf(started: StartedProcess): Platform {
  const { url, dashboardUrl, apiKey, clientId } = JSON.parse(started.line) as Record<
    'url' | 'dashboardUrl' | 'apiKey' | 'clientId',
    string
  >;
  const api = (method: string, path: string, body?: object): Promise<Response> =>
    fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
  const control = async (method: string, path: string, body?: object): Promise<Response> => {
    const response = await api(method, path, body);
    assert.ok(response.ok, `${method} ${path} answered ${response.status}`);
    return response;
  };
  return {
    ...started,
    url,
    dashboardUrl,
    apiKey,
    clientId,
    api,
    async setClock(now) {
      await control('POST', '/dev/clock', { now: now.toISOString() });
    },
    async resetClock() {
      await control('DELETE', '/dev/clock');
    },
    async mailedCode(to) {
      const deadline = Date.now() + MAIL_TIMEOUT_MS;
      while (Date.now() < deadline) {
        const response = await control('GET', `/dev/mailbox/messages?to=${encodeURIComponent(to)}`);
        const { data } = (await response.json()) as { data: { text: string }[] };
        const code = /\b\d{6}\b/.exec(data[0]?.text ?? '')?.[0];
        if (code) return code;
        await sleep(50);
      }
      throw new Error(`No code was mailed to ${to}.`);
    },
  };
}
