import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type StartedProcess, startProcess } from './processes.ts';

export interface PlatformOptions {
  /** What `--seed` is given, as JSON: redirect URIs, settings and users of the first start. */
  readonly seed?: Readonly<Record<string, unknown>> | undefined;
  /** Where to keep its data. In memory when not given. */
  readonly dataDir?: string | undefined;
  /** `postgres://…` instead of the embedded database. */
  readonly databaseUrl?: string | undefined;
}

/** Where a platform is, and what opens it. */
export interface Address {
  readonly url: string;
  readonly apiKey: string;
  readonly clientId: string;
}

/** A platform, however it was started. */
export interface Platform extends Address, AsyncDisposable {
  readonly dashboardUrl: string;
  readonly mailboxUrl: string;
  readonly environmentId: string;
  /** Finishes what is under way, then ends it. */
  stop(): Promise<void>;
}

/** A platform in a process of its own. */
export interface PlatformProcess extends Platform, StartedProcess {}

/** How `authkit dev` is called: a program and its first arguments. */
export type Command = readonly [string, ...string[]];

/**
 * Starts `authkit dev` on a free port, in a process that ends with this one.
 *
 * @param command - the `authkit` that came with this package when not given
 * @param more - options beside those that are said here; one said again wins
 */
export async function startPlatform(
  { seed, dataDir, databaseUrl }: PlatformOptions = {},
  { command = ownCommand(), cwd, more = [] }: { command?: Command; cwd?: string; more?: readonly string[] } = {},
): Promise<PlatformProcess> {
  const [program, ...first] = command;
  const folder = seed && (await mkdtemp(join(tmpdir(), 'authkit-seed-')));
  const seedFile = folder && join(folder, 'seed.json');
  if (seedFile) await writeFile(seedFile, JSON.stringify(seed));
  const options = [
    ...['--port', '0', '--json'],
    ...(dataDir === undefined ? ['--ephemeral'] : ['--data-dir', dataDir]),
    ...(seedFile ? ['--seed', seedFile] : []),
    ...more,
  ];
  try {
    const started = await startProcess(program, [...first, ...options], {
      ...(cwd === undefined ? {} : { cwd }),
      env: databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl },
    });
    return { ...started, ...(JSON.parse(started.line) as Omit<Platform, 'stop' | typeof Symbol.asyncDispose>) };
  } finally {
    if (folder) await rm(folder, { recursive: true, force: true });
  }
}

/** A file inside a package that says nothing of what it exports can be asked for by its path. */
function ownCommand(): Command {
  return [process.execPath, createRequire(import.meta.url).resolve('@authkit/cli/bin/authkit.mjs'), 'dev'];
}

/**
 * Starts a platform inside this process, which must run on the Node the platform asks for: there is no second process
 * to wait for, and no second memory.
 */
export async function startPlatformInProcess({ seed, dataDir, databaseUrl }: PlatformOptions = {}): Promise<Platform> {
  const { Seed, startDevServer } = await import('@authkit/server');
  const server = await startDevServer({
    port: 0,
    host: '127.0.0.1',
    dataDir: dataDir ?? null,
    databaseUrl,
    logLevel: process.env.LOG_LEVEL || 'warn',
    seed: seed === undefined ? null : Seed.parse(seed),
  });
  const stop = () => server.close();
  return {
    url: server.url,
    apiKey: server.identity.apiKey.reveal(),
    clientId: server.identity.clientId,
    environmentId: server.environmentId,
    dashboardUrl: server.dashboardUrl,
    mailboxUrl: server.mailboxUrl,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
