import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openPostgresql, sql } from '../../server/src/core/index.ts';
import { freshPostgres } from '../../server/test/postgres.ts';
import { freePort } from '../../server/test/processes.ts';

const bin = fileURLToPath(new URL('../bin/authkit.mjs', import.meta.url));
const base = mkdtempSync(join(tmpdir(), 'authkit-start-'));
after(() => rmSync(base, { recursive: true, force: true }));

let folders = 0;
const folder = (): string => join(base, `data ${++folders}`);

function file(name: string, content: string): string {
  const path = join(base, name);
  writeFileSync(path, content);
  return path;
}

interface Printed {
  readonly url: string;
  readonly dashboardUrl: string;
  readonly mailboxUrl: string;
  readonly apiKey: string;
  readonly clientId: string;
  readonly environmentId: string;
  readonly dataDir: string | null;
}

interface Started extends AsyncDisposable, Printed {
  readonly process: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Sends the signal. @returns exit code, or the signal that ended it */
  end(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals>;
}

const run = (args: readonly string[], env: Record<string, string> = {}) => {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: base,
    env: { PATH: process.env.PATH ?? '', HOME: base, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const exited = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals);
  return { child, exited, stdout: () => stdout, stderr: () => stderr };
};

/** Ends what hangs, and is far above what any command takes. */
const endsWithinMs = 120_000;

/** Runs a command that is to end by itself. */
async function ended(args: readonly string[], env?: Record<string, string>) {
  const { child, exited, stdout, stderr } = run(args, env);
  const timer = setTimeout(() => child.kill('SIGKILL'), endsWithinMs);
  const code = await exited;
  clearTimeout(timer);
  return { code, stdout: stdout(), stderr: stderr() };
}

/** Starts `authkit dev --json` on a free port and waits for its line. */
async function start(args: readonly string[], env?: Record<string, string>): Promise<Started> {
  const { child, exited, stdout, stderr } = run(['dev', '--port', '0', '--json', ...args], env);
  while (!stdout().includes('\n')) {
    const over = await Promise.race([exited, new Promise<null>((resolve) => setTimeout(() => resolve(null), 10))]);
    if (over !== null) throw new Error(`It ended with ${over}: ${stderr()}`);
  }
  const end = (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal);
    return exited;
  };
  return {
    ...(JSON.parse(stdout()) as Printed),
    process: child,
    stdout,
    stderr,
    end,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) await end('SIGKILL');
    },
  };
}

/** One line on stderr that says what to do, nothing on stdout, and a code that is not zero. */
async function refused(args: readonly string[], message: RegExp, env?: Record<string, string>): Promise<void> {
  const { code, stdout, stderr } = await ended(args, env);
  assert.match(stderr, message);
  assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
  assert.ok(stderr.startsWith('authkit: '), stderr);
  assert.equal(stdout, '');
  assert.ok(code !== 0, `it ended with ${code}`);
}

const listUsers = (server: Printed, apiKey = server.apiKey) =>
  fetch(`${server.url}/user_management/users`, { headers: { authorization: `Bearer ${apiKey}` } });

/** Mints a first signing key, which is sealed with the key of the directory. */
const jwks = (server: Printed) => fetch(`${server.url}/sso/jwks/${server.clientId}`);

describe('authkit dev --json', () => {
  it('prints one line with what a tool needs, all of which works at once', async () => {
    const dir = folder();
    await using server = await start(['--data-dir', dir]);
    const { url, dashboardUrl, mailboxUrl, apiKey, clientId, environmentId, dataDir } = server;
    assert.deepEqual(JSON.parse(server.stdout()), {
      url,
      dashboardUrl,
      mailboxUrl,
      apiKey,
      clientId,
      environmentId,
      dataDir,
    });
    assert.match(url, /^http:\/\/localhost:\d+$/);
    assert.ok(dashboardUrl.startsWith(`${url}/dashboard/setup?token=`), dashboardUrl);
    assert.equal(mailboxUrl, `${url}/dev/mailbox`);
    assert.match(apiKey, /^sk_test_[0-9A-Za-z]{43,}$/);
    assert.match(clientId, /^client_[0-9A-HJKMNP-TV-Z]{26}$/);
    assert.match(environmentId, /^environment_[0-9A-HJKMNP-TV-Z]{26}$/);
    assert.equal(dataDir, dir);

    assert.equal((await fetch(`${url}/readyz`)).status, 200);
    assert.equal((await fetch(dashboardUrl)).status, 200);
    assert.equal((await fetch(mailboxUrl)).status, 200);
    assert.equal((await listUsers(server)).status, 200);
    assert.equal((await jwks(server)).status, 200);

    const code = await server.end();
    assert.equal(code, 0);
    assert.equal(server.stdout().split('\n').length, 2);
    assert.equal(server.stderr(), '');
  });

  it('keeps the encryption key to its owner', async () => {
    const dir = folder();
    await using server = await start(['--data-dir', dir]);
    const path = join(dir, 'encryption.key');
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(statSync(join(dir, 'authkit.db')).mode & 0o077, 0);
    assert.equal(statSync(dir).mode & 0o777, 0o700);
    assert.equal(Buffer.from(readFileSync(path, 'utf8'), 'base64').length, 32);
    const key = readFileSync(path, 'utf8').trim();
    await server.end();
    for (const name of ['authkit.db', 'authkit.db-wal', 'lock.db'].map((each) => join(dir, each)))
      if (existsSync(name)) assert.ok(!readFileSync(name).includes(key) && !readFileSync(name).includes(server.apiKey));

    // Somebody copied it about: the next start takes the rights away again.
    chmodSync(path, 0o644);
    await using again = await start(['--data-dir', dir]);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(again.apiKey, server.apiKey);
  });

  it('has the same keys at every start of one directory, and others in another', async () => {
    const dir = folder();
    const first = await start(['--data-dir', dir]);
    await first.end();
    const second = await start(['--data-dir', dir]);
    await second.end();
    const other = await start(['--data-dir', folder()]);
    await other.end();
    const keysOf = ({ apiKey, clientId, environmentId }: Printed) => [apiKey, clientId, environmentId];
    assert.deepEqual(keysOf(second), keysOf(first));
    const tokenOf = ({ dashboardUrl }: Printed) => new URL(dashboardUrl).searchParams.get('token');
    assert.equal(tokenOf(second), tokenOf(first));
    for (const value of keysOf(other)) assert.ok(!keysOf(first).includes(value), value);
    assert.notEqual(tokenOf(other), tokenOf(first));
  });

  it('starts at once after kill -9, with everything that was acknowledged', async () => {
    const dir = folder();
    const killed = await start(['--data-dir', dir]);
    const created = await fetch(`${killed.url}/user_management/users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${killed.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'grace@example.com' }),
    });
    const user = (await created.json()) as { id: string };
    assert.equal(await killed.end('SIGKILL'), 'SIGKILL');

    await using again = await start(['--data-dir', dir]);
    const found = await fetch(`${again.url}/user_management/users/${user.id}`, {
      headers: { authorization: `Bearer ${again.apiKey}` },
    });
    assert.equal(found.status, 200);
  });

  it('takes the keys it is given', async () => {
    const dir = folder();
    const own = ['--api-key', 'sk_example_123456789', '--client-id', 'client_123456789'];
    await using server = await start(['--data-dir', dir, ...own]);
    assert.deepEqual([server.apiKey, server.clientId], ['sk_example_123456789', 'client_123456789']);
    assert.equal((await listUsers(server)).status, 200);
    assert.equal((await jwks(server)).status, 200);
    await server.end();
    // Without the option the derived one works as well; the environment and its client id stay.
    await using derived = await start(['--data-dir', dir]);
    assert.match(derived.apiKey, /^sk_test_/);
    assert.equal(derived.clientId, 'client_123456789');
    assert.equal((await listUsers(derived)).status, 200);
    assert.equal((await listUsers(derived, 'sk_example_123456789')).status, 200);
  });

  it('is known by the public URL it is given, which links and cookies use and the mailbox does not', async () => {
    const port = await freePort();
    const args = ['--ephemeral', '--port', String(port), '--public-url', 'https://Auth.example.com:8443/'];
    await using server = await start(args);
    assert.equal(server.url, 'https://auth.example.com:8443');
    assert.ok(server.dashboardUrl.startsWith(`${server.url}/dashboard/setup?token=`));
    const here = `http://localhost:${port}`;
    assert.equal(server.mailboxUrl, `${here}/dev/mailbox`);
    assert.equal((await fetch(server.mailboxUrl)).status, 200);
    const query = new URLSearchParams({
      response_type: 'code',
      provider: 'authkit',
      client_id: server.clientId,
      redirect_uri: 'http://localhost:3000/callback',
    });
    const begun = await fetch(`${here}/user_management/authorize?${query}`, { redirect: 'manual' });
    assert.match(begun.headers.get('set-cookie') ?? '', /^__Host-authkit-attempt-\w+=\w+;.*Secure/);
    const cookie = begun.headers
      .getSetCookie()
      .map((line) => line.split(';', 1)[0])
      .join('; ');
    const page = await (
      await fetch(new URL(begun.headers.get('location') ?? '', here), { headers: { cookie } })
    ).text();
    assert.doesNotMatch(page, /Continue with Google/, 'a simulated provider is offered to the whole world');
    await fetch(`${here}/user_management/users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'ada@example.com' }),
    });
    const reset = await fetch(`${here}/user_management/password_reset`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'ada@example.com' }),
    });
    const { password_reset_url: link } = (await reset.json()) as { password_reset_url: string };
    assert.ok(link.startsWith(`${server.url}/reset-password?token=`), link);
  });

  it('leaves a revoked key revoked and brings another, the same at each start after it', async () => {
    const dir = folder();
    const first = await start(['--data-dir', dir]);
    await first.end();
    const { DatabaseSync } = await import('node:sqlite');
    const db = new DatabaseSync(join(dir, 'authkit.db'));
    db.exec('update api_keys set revoked_at = 1');
    db.close();
    const second = await start(['--data-dir', dir]);
    assert.notEqual(second.apiKey, first.apiKey);
    assert.equal((await listUsers(second)).status, 200);
    assert.equal((await listUsers(second, first.apiKey)).status, 401);
    await second.end();
    await using third = await start(['--data-dir', dir]);
    assert.equal(third.apiKey, second.apiKey);
    await third.end();
    await refused(['dev', '--port', '0', '--data-dir', dir, '--api-key', first.apiKey], /was revoked\. Choose another/);
  });

  it('keeps nothing with --ephemeral', async () => {
    await using server = await start(['--ephemeral']);
    assert.equal(server.dataDir, null);
    assert.equal((await listUsers(server)).status, 200);
    await server.end();
    assert.ok(!existsSync(join(base, '.authkit')));
    await using other = await start(['--ephemeral']);
    assert.notEqual(other.apiKey, server.apiKey);
  });

  it('takes its schema away again with --ephemeral on PostgreSQL, and keeps its data there without', async () => {
    const database = await freshPostgres();
    // It has said in one line that there is none.
    if (!database) return;
    const env = { DATABASE_URL: database.url };
    const tables = async (): Promise<string[]> => {
      const db = openPostgresql(database.url);
      const rows = await db.all(sql<{ name: string }>`
        select distinct table_schema as name from information_schema.tables
        where table_schema not in ('pg_catalog', 'information_schema')`);
      await db.close();
      return rows.map(({ name }) => name);
    };
    const passing = await start(['--ephemeral'], env);
    assert.equal((await listUsers(passing)).status, 200);
    assert.match((await tables()).join(), /^authkit_[0-9a-z]{12}$/);
    assert.equal(await passing.end(), 0);
    assert.deepEqual(await tables(), []);

    const dir = folder();
    const first = await start(['--data-dir', dir], env);
    await first.end('SIGKILL');
    assert.deepEqual(await tables(), ['public']);
    await using second = await start(['--data-dir', dir], env);
    assert.deepEqual([second.apiKey, second.environmentId], [first.apiKey, first.environmentId]);
    assert.equal((await listUsers(second)).status, 200);
    assert.equal((await jwks(second)).status, 200);
    await second.end();
    await refused(['dev', '--port', '0', '--data-dir', folder()], /another encryption key.*--data-dir/, env);
    await database.drop();
  });

  it('survives a fault that nothing handled', async () => {
    const faults = `setTimeout(()=>{throw new Error('a fault of ours')});setTimeout(()=>{Promise.reject(new Error('another'))})`;
    const bomb = `data:text/javascript,process.once('SIGUSR2',()=>{${faults}})`;
    await using server = await start(['--ephemeral'], { NODE_OPTIONS: `--import ${bomb.replaceAll(' ', '%20')}` });
    server.process.kill('SIGUSR2');
    while (!server.stderr().includes('another')) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal((await listUsers(server)).status, 200);
    for (const line of server.stderr().trim().split('\n')) assert.equal(JSON.parse(line).level, 'error');
    assert.match(server.stderr(), /a fault of ours/);
    assert.equal(await server.end(), 0);
  });
});

describe('authkit dev for people', () => {
  it('prints one screen with everything ready to paste', async () => {
    const dir = folder();
    const { child, exited, stdout, stderr } = run(['dev', '--port', '0', '--data-dir', dir], { NO_COLOR: '1' });
    while (!stdout().includes('Ctrl-C')) {
      assert.equal(child.exitCode, null, stderr());
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    child.kill('SIGINT');
    assert.equal(await exited, 0);
    const shown = stdout();
    assert.ok(shown.split('\n').length <= 30, 'more than one screen');
    const url = /Server\s+(\S+)/.exec(shown)?.[1] ?? '';
    const env = Object.fromEntries(
      [...shown.matchAll(/^(WORKOS_\w+)='?([^'\n]*)'?$/gm)].map(([, name, value]) => [name, value]),
    );
    assert.deepEqual(
      { ...env, WORKOS_API_KEY: '', WORKOS_CLIENT_ID: '', WORKOS_COOKIE_PASSWORD: '' },
      {
        WORKOS_API_KEY: '',
        WORKOS_CLIENT_ID: '',
        WORKOS_REDIRECT_URI: 'http://localhost:3000/callback',
        WORKOS_COOKIE_PASSWORD: '',
        WORKOS_API_HOSTNAME: 'localhost',
        WORKOS_API_PORT: new URL(url).port,
        WORKOS_API_HTTPS: 'false',
      },
    );
    assert.match(env.WORKOS_API_KEY ?? '', /^sk_test_/);
    assert.match(env.WORKOS_CLIENT_ID ?? '', /^client_/);
    // What the SDKs' cookies need at least.
    assert.ok((env.WORKOS_COOKIE_PASSWORD ?? '').length >= 32);
    for (const line of [/Dashboard\s+http:\S+\/dashboard\/setup\?token=/, /Mailbox\s+http:\S+\/dev\/mailbox/, /owner/])
      assert.match(shown, line);
    assert.ok(shown.includes(dir));
    assert.equal(stderr(), '');
  });

  it('says in the variables that its public URL is https, and on which port', async () => {
    const args = ['dev', '--port', '0', '--ephemeral', '--public-url', 'https://auth.example.com'];
    const { child, exited, stdout } = run(args, { NO_COLOR: '1' });
    while (!stdout().includes('Ctrl-C')) await new Promise((resolve) => setTimeout(resolve, 10));
    child.kill('SIGINT');
    assert.equal(await exited, 0);
    for (const line of ["WORKOS_API_HOSTNAME='auth.example.com'", "WORKOS_API_PORT='443'", 'WORKOS_API_HTTPS=true'])
      assert.ok(stdout().includes(`${line}\n`), line);
  });

  it('explains itself', async () => {
    for (const args of [[], ['--help'], ['-h']]) {
      const { code, stdout } = await ended(args);
      assert.equal(code, 0);
      assert.match(stdout, /authkit dev/);
    }
    const help = await ended(['dev', '--help']);
    for (const option of [
      '--port',
      '--host',
      '--public-url',
      '--data-dir',
      '--ephemeral',
      '--seed',
      '--json',
      '--open',
      '--api-key',
      '--client-id',
    ])
      assert.ok(help.stdout.includes(option), option);
    assert.match((await ended(['--version'])).stdout, /^\d+\.\d+\.\d+\n$/);
  });
});

describe('a start that cannot be', () => {
  it('names the option, command or value that is wrong', async () => {
    const help = 'See: npm start -- --help\n$';
    await refused(['dev', '--prot', '1'], new RegExp(`There is no option '--prot'\\. ${help}`));
    await refused(['dev', '-x'], new RegExp(`There is no option '-x'\\. ${help}`));
    await refused(['dev', 'now'], new RegExp(`'now' is not an option, and only options are taken\\. ${help}`));
    await refused(['dev', '--port'], new RegExp(`The option '--port' needs a value\\. ${help}`));
    await refused(['dev', '--port', '--json'], new RegExp(`The option '--port' needs a value\\. ${help}`));
    await refused(['dev', '--json=yes'], new RegExp(`The option '--json' takes no value\\. ${help}`));
    await refused(['serve-me'], /no command 'serve-me'/);
    for (const port of ['http', '-1', '65536', '1.5', '', '4100x'])
      await refused(['dev', `--port=${port}`], /is not a port/);
    for (const url of [
      'auth.example.com',
      'ftp://auth.example.com',
      'https://auth.example.com/sign-in',
      'https://',
      '',
    ])
      await refused(['dev', `--public-url=${url}`], /is no public URL.*https:\/\/auth\.example\.com$/m);
    await refused(['dev', '--ephemeral', '--data-dir', folder()], /--ephemeral.*--data-dir/);
    await refused(['dev', '--api-key', 'secret'], /'--api-key' must be sk_/);
    await refused(['dev', '--client-id', 'a b'], /'--client-id' must be client_/);
    await refused(['dev', '--ephemeral'], /LOG_LEVEL 'loud'/, { LOG_LEVEL: 'loud' });
  });

  it('says that the port is in use and how to take another', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = address && typeof address === 'object' ? address.port : 0;
    const dir = folder();
    await refused(['dev', '--data-dir', dir, '--port', String(port)], new RegExp(`Port ${port} is in use.*--port`));
    other.close();
    // What it had opened is free again.
    await using server = await start(['--data-dir', dir]);
    assert.equal((await listUsers(server)).status, 200);
  });

  it('says that the host cannot be had', async () => {
    await refused(
      ['dev', '--ephemeral', '--port', '0', '--host', '192.0.2.1'],
      /Cannot listen on 192\.0\.2\.1.*--host/,
    );
  });

  it('says that the directory cannot be written', async () => {
    const occupied = file('a file', 'not a directory');
    await refused(
      ['dev', '--port', '0', '--data-dir', join(occupied, 'inside')],
      /cannot be made \(ENOTDIR\).*--data-dir/,
    );
    await refused(
      ['dev', '--port', '0', '--data-dir', occupied],
      /a file is a file, not a directory\. Choose a directory with --data-dir/,
    );
    // Where even root may not write.
    if (existsSync('/proc/self'))
      await refused(['dev', '--port', '0', '--data-dir', '/proc/authkit'], /cannot be made.*--data-dir/);
    const blocked = folder();
    mkdirSync(join(blocked, 'lock.db'), { recursive: true });
    await refused(['dev', '--port', '0', '--data-dir', blocked], /cannot be written.*--data-dir/);
  });

  it('says that another server uses the directory, and where that is; a variable that nothing reads is only told', async () => {
    const dir = folder();
    await using server = await start(['--data-dir', dir], { AUTHKIT_PORT: '4100' });
    assert.match(server.stderr(), /^authkit: AUTHKIT_PORT is set, but nothing reads it\..*\n$/);
    const there = `Another server \\(${server.url}, process ${server.process.pid}\\) is using the data directory`;
    await refused(['dev', '--port', '0', '--data-dir', dir], new RegExp(`${there}.*--data-dir`));
    assert.equal((await listUsers(server)).status, 200);
  });

  it('does not start on a copy of the data without its key, and never makes another key for it', async () => {
    const dir = folder();
    const server = await start(['--data-dir', dir]);
    assert.equal((await jwks(server)).status, 200);
    await server.end();
    const copy = folder();
    cpSync(dir, copy, { recursive: true });
    rmSync(join(copy, 'encryption.key'));
    await refused(['dev', '--port', '0', '--data-dir', copy], /key file .* is missing/);
    assert.ok(!existsSync(join(copy, 'encryption.key')));
    writeFileSync(join(copy, 'encryption.key'), 'c2hvcnQ=\n');
    await refused(['dev', '--port', '0', '--data-dir', copy], /key file .* is damaged/);
  });

  it('says that the tables belong to a newer release', async () => {
    const dir = folder();
    const server = await start(['--data-dir', dir]);
    await server.end();
    const { DatabaseSync } = await import('node:sqlite');
    const db = new DatabaseSync(join(dir, 'authkit.db'));
    db.exec(`insert into schema_migrations values ('9999_later', 'x', 1)`);
    db.close();
    await refused(['dev', '--port', '0', '--data-dir', dir], /newer one \(9999_later\)\. Start that release/);
  });

  it('says that PostgreSQL cannot be reached', async () => {
    const dead = 'postgres://nobody:secret@127.0.0.1:9/none';
    await refused(['dev', '--port', '0', '--ephemeral'], /PostgreSQL cannot be reached.*DATABASE_URL/, {
      DATABASE_URL: dead,
    });
    await refused(['dev', '--port', '0', '--data-dir', folder()], /PostgreSQL cannot be reached.*DATABASE_URL/, {
      DATABASE_URL: 'postgres://localhost:9/none',
    });
    for (const nonsense of ['nonsense', 'mysql://localhost/x', 'postgres://['])
      await refused(['dev', '--port', '0', '--ephemeral'], /DATABASE_URL is not a postgres:\/\/ address\./, {
        DATABASE_URL: nonsense,
      });
  });
});

describe('authkit dev --seed', () => {
  it('names what the rules refuse', async () => {
    const at = (path: string) => ['dev', '--port', '0', '--ephemeral', '--seed', path];
    await refused(at(join(base, 'missing.yaml')), /missing\.yaml cannot be read \(ENOENT\).*--seed/);
    const refusals = `redirect_uris: [http://localhost:3000/callback, "http://app.example.com:*/x"]
cors_origins: ["http://localhost:3000/path"]
settings: { access_token_seconds: 1 }`;
    await refused(
      at(file('rules.yaml', refusals)),
      /(?=.*redirect_uris: http:\/\/app\.example\.com:\*\/x: )(?=.*cors_origins: http:\/\/localhost:3000\/path: )(?=.*access_token_seconds)/,
    );
  });

  it('is read whole at the first start: one that was refused is read again, one that worked is not', async () => {
    const dir = folder();
    const seed = file(
      'people.yaml',
      'users: [{ email: ada@example.com, password: a perfectly fine passphrase }, { email: nobody }]',
    );
    await refused(['dev', '--port', '0', '--data-dir', dir, '--seed', seed], /users: nobody: /);
    writeFileSync(
      seed,
      `application_name: Analytical
redirect_uris: [http://localhost:9999/cb]
users:
  - { email: ada@example.com, password: a perfectly fine passphrase, first_name: Ada }
  - { email: grace@example.com, email_verified: false }
`,
    );
    const emails = async (server: Printed) => {
      const { data } = (await (await listUsers(server)).json()) as {
        data: { email: string; email_verified: boolean }[];
      };
      return data.map(({ email, email_verified }) => `${email} ${email_verified}`).sort();
    };
    const server = await start(['--data-dir', dir, '--seed', seed]);
    assert.deepEqual(await emails(server), ['ada@example.com true', 'grace@example.com false']);
    const signedIn = await fetch(`${server.url}/user_management/redirect_uris`, {
      headers: { authorization: `Bearer ${server.apiKey}` },
    });
    const { data } = (await signedIn.json()) as { data: { uri: string }[] };
    assert.deepEqual(
      data.map(({ uri }) => uri),
      ['http://localhost:9999/cb'],
    );
    await server.end();
    writeFileSync(seed, 'users: [{ email: late@example.com }]');
    await using again = await start(['--data-dir', dir, '--seed', seed]);
    assert.deepEqual(await emails(again), ['ada@example.com true', 'grace@example.com false']);
  });
});

describe('the end of authkit dev', () => {
  it('answers what it has begun, on either loopback address, takes nothing new, and ends with 0', async () => {
    for (const host of ['127.0.0.1', '::1']) {
      await using server = await start(['--ephemeral']);
      const port = Number(new URL(server.url).port);
      const idle = await keptAlive(host, port);
      if (idle === null && host === '::1') continue;
      assert.ok(idle, `nothing answers on ${host}`);
      const body = JSON.stringify({ email: 'grace@example.com' });
      const slow = connect(port, host);
      let answer = '';
      slow.on('data', (text) => {
        answer += text;
      });
      await once(slow, 'connect');
      slow.write(
        `POST /user_management/users HTTP/1.1\r\nhost: localhost:${port}\r\nauthorization: Bearer ${server.apiKey}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nexpect: 100-continue\r\n\r\n`,
      );
      // What it says as soon as it has read so far: from here on it is under way.
      await once(slow, 'data');
      assert.match(answer, /^HTTP\/1\.1 100 /);
      answer = '';
      slow.write(body.slice(0, 10));
      const ending = server.end();
      // On either address, while the request is under way, which would be cut off if this connection kept the process.
      await idle.closed;
      const refusal = await fetch(`http://127.0.0.1:${port}/healthz`).catch((error: unknown) => error);
      assert.ok(refusal instanceof Error, 'it took something new');
      slow.write(body.slice(10));
      assert.equal(await ending, 0, server.stderr());
      assert.match(answer, /^HTTP\/1\.1 201 /);
      assert.match(answer, /connection: close/i);
      assert.ok(answer.endsWith('}'), answer);
    }
  });

  it('ends on every signal a terminal or a supervisor sends', async () => {
    for (const signal of ['SIGINT', 'SIGHUP'] as const) {
      await using server = await start(['--ephemeral']);
      assert.equal(await server.end(signal), 0, signal);
    }
  });
});

/** Opens a connection, asks once and leaves it open. Null where there is no such address. */
function keptAlive(host: string, port: number): Promise<{ closed: Promise<unknown> } | null> {
  return new Promise((resolve) => {
    const asking = request({ host, port, path: '/healthz', agent: undefined, headers: { connection: 'keep-alive' } });
    asking.on('response', (response) => {
      const closed = once(response.socket, 'close');
      response.resume();
      response.on('end', () => resolve({ closed }));
    });
    asking.on('error', () => resolve(null));
    asking.end();
  });
}
