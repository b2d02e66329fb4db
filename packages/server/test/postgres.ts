/**
 * A PostgreSQL for tests: the one `npm test` provides, or, when a developer runs a single file by hand, one started on
 * demand from the binaries on this machine. It holds nothing anybody needs and goes away with the process that began it.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import pg from 'pg';

/** What to say, in one line, where there is none. */
export const POSTGRES_MISSING =
  'No PostgreSQL here, so only the SQLite half of the tests runs: install it (Debian: apt-get install postgresql) or set DATABASE_URL.';

const START_TIMEOUT_MS = 60_000;
const POLL_MS = 50;
/** Two test files at once, each with a hundred requests in flight, on pools of their own. */
const MAX_CONNECTIONS = 300;
/** Losing the race for a free port this often in a row is no longer bad luck. */
const PORT_ATTEMPTS = 5;

export interface PostgresServer extends AsyncDisposable {
  /** Of a role that may create databases. */
  readonly url: string;
}

/**
 * A database without a table, with a name of its own, in the server that `npm test` provides.
 *
 * @returns null when this run leaves PostgreSQL out or no server can be had; then one line has said why
 */
export async function freshPostgres(): Promise<{ url: string; drop(): Promise<void> } | null> {
  const server = await testedServer();
  if (server === null) return null;
  const name = newName();
  await administer(server, (client) => client.query(`create database ${name}`));
  return { url: addressOf(server, name), drop: () => dropDatabase(server, name) };
}

/** The address of the server this run is about; null as for `freshPostgres`. */
export async function testedServer(): Promise<string | null> {
  if (!testedEngines().includes('postgresql')) return null;
  return process.env.AUTHKIT_TEST_DATABASE_URL || ((await serverOnDemand())?.url ?? null);
}

/** How the names of databases begin that are kept for the next test. */
export const idlePrefix = 'authkit_idle_';

/** For a server that is not ours: leaves it as it was. */
export async function dropIdlePostgres(server: string): Promise<void> {
  const idle = await administer(server, (client) => listDatabases(client, idlePrefix));
  for (const name of idle) await dropDatabase(server, name);
}

export async function listDatabases(client: pg.Client, prefix: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    'select datname as name from pg_database where starts_with(datname, $1)',
    [prefix],
  );
  return rows.map(({ name }) => name);
}

export const newName = (): string => `authkit_test_${randomBytes(8).toString('hex')}`;

export function addressOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

export async function dropDatabase(server: string, name: string): Promise<void> {
  await administer(server, (client) => client.query(`drop database if exists ${name} with (force)`));
}

/** On a connection of its own, past everything that is under test. */
export async function administer<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The engines this run is about: all of them unless `npm test -- --engine` or the environment names some. */
export function testedEngines(): ReadonlyArray<'sqlite' | 'postgresql'> {
  const all = ['sqlite', 'postgresql'] as const;
  const named = (process.env.AUTHKIT_TEST_ENGINES ?? '').split(',').filter((name) => name !== '');
  return named.length === 0 ? all : all.filter((engine) => named.includes(engine));
}

let onDemand: Promise<PostgresServer | null> | undefined;

function serverOnDemand(): Promise<PostgresServer | null> {
  onDemand ??= findPostgres() ? startPostgres() : explainMissing();
  return onDemand;
}

async function explainMissing(): Promise<null> {
  process.stderr.write(`${POSTGRES_MISSING}\n`);
  return null;
}

/** The folder with the server's binaries, the newest where there are several. Debian keeps them off PATH. */
export function findPostgres(): string | null {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ];
  return folders.find((folder) => ['postgres', 'initdb'].every((name) => existsSync(join(folder, name)))) ?? null;
}

/**
 * Runs beside the server until it ends or our end of its standard input closes, which the system does for us however we
 * die: neither a crash nor `kill -9` of a test run leaves a server or its files behind. SIGINT asks for a fast shutdown.
 */
const KEEPER = `
exec 3<&0
"$1/initdb" -D "$2/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >"$2/log" 2>&1 </dev/null || exit 1
"$1/postgres" -D "$2/data" -c listen_addresses=127.0.0.1 -c port="$3" -c unix_socket_directories= -c max_connections="$4" $5 >>"$2/log" 2>&1 </dev/null &
server=$!
(cat <&3 >/dev/null; kill -INT $server 2>/dev/null) &
watcher=$!
wait $server
status=$?
kill $watcher 2>/dev/null
[ $status -eq 0 ] && rm -rf "$2"
exit $status
`;

/** What is acknowledged outlives every process but not the machine: the kernel has it, the disk perhaps not yet. */
const UNSYNCED = '-c fsync=off -c full_page_writes=off';

/**
 * Starts a server in a folder of its own, on a free loopback port.
 *
 * @param options.isDurable - waits for the disk as it does by default; for what measures that wait. A test that kills
 *   processes sees no difference
 */
export async function startPostgres({ isDurable = false } = {}): Promise<PostgresServer> {
  const binaries = findPostgres();
  if (!binaries) throw new Error(POSTGRES_MISSING);
  for (let attempt = 1; ; attempt += 1) {
    const started = await tryToStart(binaries, await freePort(), isDurable ? '' : UNSYNCED);
    if ('url' in started) return started;
    if (attempt === PORT_ATTEMPTS || !/address already in use/i.test(started.log)) {
      throw new Error(`PostgreSQL did not start. Its log ends with:\n${started.log.slice(-2_000)}`);
    }
  }
}

async function tryToStart(binaries: string, port: number, settings: string): Promise<PostgresServer | { log: string }> {
  const account = serverAccount();
  // As root, TMPDIR may be a place no other account can enter.
  const folder = mkdtempSync(join(account ? '/tmp' : tmpdir(), 'authkit-postgres-'));
  if (account) chownSync(folder, account.uid, account.gid);

  const keeper = spawn(
    '/bin/sh',
    ['-c', KEEPER, 'sh', binaries, folder, String(port), String(MAX_CONNECTIONS), settings],
    {
      ...account,
      cwd: folder,
      stdio: ['pipe', 'ignore', 'inherit'],
      // Away from the terminal's group: Ctrl-C must reach the tests first, and the server only after them.
      detached: true,
    },
  );
  // A file run by hand ends when its tests have ended, not when the server has.
  keeper.unref();
  (keeper.stdin as Socket).unref();

  let ended = false;
  const end = new Promise<void>((resolve) => {
    keeper.once('exit', () => {
      ended = true;
      resolve();
    });
  });
  const stop = async () => {
    keeper.ref();
    keeper.stdin.destroy();
    await end;
  };

  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!ended && Date.now() < deadline) {
    // Our own server says so in its own file: whatever else answers on this port is somebody else's.
    if (isReady(folder)) return { url, [Symbol.asyncDispose]: stop };
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  await stop();
  return { log: readIfThere(join(folder, 'log')) };
}

/** The eighth line of postmaster.pid is the server's status. */
const isReady = (folder: string) =>
  readIfThere(join(folder, 'data', 'postmaster.pid'))
    .split('\n')[7]
    ?.trim() === 'ready';

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** PostgreSQL refuses to run as root; Debian's package brings the account it runs as. Undefined when we are not root. */
function serverAccount(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readIfThere('/etc/passwd').split('\n');
  const line = ['postgres', 'nobody'].flatMap((name) =>
    accounts.filter((account) => account.startsWith(`${name}:`)),
  )[0];
  const [, , uid, gid] = line?.split(':') ?? [];
  if (!uid || !gid)
    throw new Error('PostgreSQL refuses to run as root, and there is no account "postgres" to run it as.');
  return { uid: Number(uid), gid: Number(gid) };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('No port.')),
      );
    });
  });
}
