import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, isIPv6, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { ApiKeyTaken } from './api-keys/index.ts';
import { createApp, keepHouse, reactions } from './app.ts';
import {
  ApiError,
  type Config,
  createJobs,
  createLogger,
  type Database,
  type FieldError,
  MigrationRefused,
  MovableClock,
  migrate,
  minutes,
  openPostgresql,
  openSqlite,
  randomBase62,
  type Services,
  sql,
  Vault,
  vaultKey,
} from './core/index.ts';
import { openDataDir } from './data-dir.ts';
import { type DevIdentity, devIdentity, type Seed, setUpDevelopment } from './dev/index.ts';
import { firstEnvironment } from './environments/index.ts';
import { canReadKeys } from './keys/index.ts';
import { mailboxTransport, registerMail } from './mail/index.ts';
import { hasOwner, setupUrl } from './operators/index.ts';
import { StartError } from './start-error.ts';

export interface DevServerOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** Where to listen; `127.0.0.1` listens on `::1` too where there is one. */
  readonly host: string;
  /** Null: nothing is kept. */
  readonly dataDir: string | null;
  /** `postgres://…` instead of the embedded database. Without a data directory the tables live in a schema that goes away. */
  readonly databaseUrl?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly clientId?: string | undefined;
  readonly seed?: Seed | null;
  /** `silent`, `error`, `warn`, `info`, `debug`. */
  readonly logLevel?: string;
  /** Check every answer against its route; for tests. */
  readonly strictAnswers?: boolean;
  readonly stagingLimitFactor?: number;
  /** The encryption key of a server without a data directory; drawn when not given. */
  readonly encryptionKey?: Buffer;
  readonly dashboardDir?: string | null;
}

export interface RunningServer {
  readonly url: string;
  readonly dashboardUrl: string;
  readonly mailboxUrl: string;
  readonly environmentId: string;
  /** Null with `--ephemeral`. */
  readonly dataDir: string | null;
  readonly identity: DevIdentity;
  readonly hasOwner: boolean;
  readonly services: Services;
  readonly clock: MovableClock;
  /** Finishes what is under way, then closes. */
  close(): Promise<void>;
}

/** Requests under way get so long to finish. */
const drainMs = 30_000;
const keepHouseEveryMs = minutes(10);

/**
 * Starts the platform with the conveniences of development: the ready-made environment, mailbox, clock and reset.
 *
 * @throws {StartError} with one line that says what to do
 */
export async function startDevServer(options: DevServerOptions): Promise<RunningServer> {
  const dataDir = options.dataDir === null ? null : openDataDir(options.dataDir);
  const closing: (() => Promise<void> | void)[] = [() => dataDir?.close()];
  // One step that fails must not keep the others from happening: the lock of the directory is the last one.
  const close = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (const step of closing.splice(0).reverse()) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  };
  try {
    return await start(options, dataDir, closing, close);
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
}

async function start(
  options: DevServerOptions,
  dataDir: ReturnType<typeof openDataDir> | null,
  closing: (() => Promise<void> | void)[],
  close: () => Promise<void>,
): Promise<RunningServer> {
  const clock = new MovableClock();
  const now = (): Date => clock.now();
  const db = await openDatabase(options, dataDir?.databaseFile ?? ':memory:', closing);
  await migrated(db, now);
  const vault = new Vault([vaultKey(dataDir?.encryptionKey ?? options.encryptionKey ?? randomBytes(32))]);
  const log = createLogger({ level: options.logLevel ?? 'warn' });
  const config = configOf(options);
  const jobs = createJobs({ db, now, vault, log });
  const services: Services = { db, clock, now, vault, log, config, jobs, reactions };
  if (!(await canReadKeys(services))) {
    throw new StartError(
      'This database was written with another encryption key. Start with the --data-dir it was first used with.',
    );
  }
  const identity = await setUpOnce(services, options);
  const setUp = (): Promise<void> => setUpDevelopment(services, identity, options.seed ?? null);
  registerMail(services, mailboxTransport(services));
  const app = await createApp(services, { clock, setUp, keyHash: () => identity.apiKey.hash() });
  closing.push(() => jobs.stop());
  const port = await listen(app, options, closing);
  (config as { publicUrl: string }).publicUrl = `http://${publicHost(options.host)}:${port}`;
  jobs.start();
  closing.push(keepHouseRegularly(services));
  const environment = await firstEnvironment(services);
  if (!environment) throw new Error('Set-up made no environment.');
  return {
    url: config.publicUrl,
    dashboardUrl: await setupUrl(services),
    mailboxUrl: `${config.publicUrl}/dev/mailbox`,
    environmentId: environment.id,
    dataDir: dataDir?.path ?? null,
    identity: { ...identity, clientId: environment.client.clientId },
    hasOwner: await hasOwner(services),
    services,
    clock,
    close,
  };
}

async function migrated(db: Database, now: () => Date): Promise<void> {
  try {
    await migrate(db, now);
  } catch (error) {
    throw error instanceof MigrationRefused ? new StartError(error.message) : error;
  }
}

/**
 * @returns by what the server is known. A derived key that an operator revoked stays revoked: the next one derived
 *   takes its place, at this start and at those to come
 * @throws {StartError} naming what the rules refuse
 */
async function setUpOnce(services: Services, options: DevServerOptions): Promise<DevIdentity> {
  for (let generation = 1; ; generation++) {
    const identity = devIdentity(services.vault, options, generation);
    try {
      await setUpDevelopment(services, identity, options.seed ?? null);
      return identity;
    } catch (error) {
      if (error instanceof ApiKeyTaken && options.apiKey === undefined) continue;
      throw error instanceof ApiError && error.status < 500 ? new StartError(`Refused: ${reasonsOf(error)}`) : error;
    }
  }
}

function reasonsOf({ message, extras }: ApiError): string {
  const errors = (extras.errors ?? []) as readonly FieldError[];
  const reasons = errors.map((error) => (error.field ? `${error.field}: ${error.message}` : error.message));
  return reasons.length > 0 ? reasons.join(' ') : message;
}

function configOf(options: DevServerOptions): Config {
  const built = fileURLToPath(new URL('../../../apps/dashboard/dist/', import.meta.url));
  return {
    mode: 'dev',
    publicUrl: '',
    version: versionOf(),
    trustedProxies: 0,
    dashboardDir:
      options.dashboardDir === undefined
        ? existsSync(join(built, 'index.html'))
          ? built
          : null
        : options.dashboardDir,
    stagingLimitFactor: options.stagingLimitFactor ?? 100,
    strictAnswers: options.strictAnswers ?? false,
  };
}

export function versionOf(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}

/** Browsers, cookies and passkeys need one name for this machine. */
const publicHost = (host: string): string => {
  if (['127.0.0.1', '::1', '0.0.0.0', '::', 'localhost'].includes(host)) return 'localhost';
  return isIPv6(host) ? `[${host}]` : host;
};

async function openDatabase(
  options: DevServerOptions,
  file: string,
  closing: (() => Promise<void> | void)[],
): Promise<Database> {
  const { databaseUrl } = options;
  if (databaseUrl === undefined) {
    const db = openSqlite(file);
    closing.push(() => db.close());
    return db;
  }
  if (options.dataDir !== null) {
    const db = openPostgresql(databaseUrl);
    closing.push(() => db.close());
    await assertReachable(db);
    return db;
  }
  const schema = `authkit_${randomBase62(12).toLowerCase()}`;
  const outside = openPostgresql(databaseUrl, { maxConnections: 1 });
  closing.push(() => outside.close());
  await assertReachable(outside);
  await outside.script(`create schema ${schema}`);
  const db = openPostgresql(databaseUrl, { schema });
  closing.push(() => outside.script(`drop schema if exists ${schema} cascade`));
  closing.push(() => db.close());
  return db;
}

async function assertReachable(db: Database): Promise<void> {
  try {
    await db.one(sql`select 1 as ok`);
  } catch (error) {
    const cause = (error as { cause?: Error }).cause ?? (error as Error);
    throw new StartError(
      `PostgreSQL cannot be reached (${cause.message || (cause as { code?: string }).code}). Check DATABASE_URL, or unset it to use the embedded database.`,
    );
  }
}

async function listen(
  app: FastifyInstance,
  { port, host }: DevServerOptions,
  closing: (() => Promise<void> | void)[],
): Promise<number> {
  const alsoListening: Server[] = [];
  const connections = openConnections(app);
  closing.push(() => drain(app, alsoListening, connections));
  try {
    await app.listen({ port, host });
  } catch (error) {
    throw new StartError(listenFailure(error, port, host));
  }
  const address = app.server.address();
  const actual = typeof address === 'object' && address ? address.port : port;
  if (host === '127.0.0.1') alsoListening.push(...(await alsoOnIpv6(app, actual)));
  return actual;
}

function listenFailure(error: unknown, port: number, host: string): string {
  const { code } = error as { code?: string };
  if (code === 'EADDRINUSE')
    return `Port ${port} is in use. Stop what uses it, or choose another with --port (0 takes a free one).`;
  if (code === 'EACCES') return `Port ${port} may not be used by this user. Choose one above 1023 with --port.`;
  return `Cannot listen on ${host}:${port} (${code ?? String(error)}). Check --host and --port.`;
}

/** `localhost` means ::1 to some clients and 127.0.0.1 to others; where ::1 cannot be had, the one has to do. */
async function alsoOnIpv6(app: FastifyInstance, port: number): Promise<readonly Server[]> {
  // As an HTTP server makes its own sockets.
  const second = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    app.server.emit('connection', socket);
  });
  return new Promise((resolve) => {
    second.once('error', () => resolve([]));
    second.listen({ port, host: '::1' }, () => resolve([second]));
  });
}

function openConnections(app: FastifyInstance): ReadonlySet<Socket> {
  const open = new Set<Socket>();
  app.server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return open;
}

/** New connections are refused and idle ones closed at once; what is being answered gets its time. */
async function drain(
  app: FastifyInstance,
  alsoListening: readonly Server[],
  connections: ReadonlySet<Socket>,
): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), drainMs);
  const others = alsoListening.map((server) => new Promise((resolve) => server.close(resolve)));
  // A browser connects ahead of its next request, and to Node a connection that has said nothing yet is a busy one.
  for (const connection of connections) if (connection.bytesRead === 0) connection.destroy();
  await app.close();
  await Promise.all(others);
  clearTimeout(timer);
}

function keepHouseRegularly(services: Services): () => void {
  const timer = setInterval(() => {
    keepHouse(services).catch((error) =>
      services.log.warn({ err: error }, 'House-keeping failed; it runs again in ten minutes'),
    );
  }, keepHouseEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}
