/** Every command of every page, typed in a fresh clone, and held to what the page says comes of it. */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { findPostgres, freshPostgres, testedEngines } from '../packages/server/test/postgres.ts';
import { freePort } from '../packages/server/test/processes.ts';
import { commandsOf, fencesOf, inlineCodeOf, installLinesOf, pagesHere } from './markdown.ts';
import { type Ended, Newcomer, root } from './newcomer.ts';

const pages = pagesHere();
const readme = pages.find(({ path }) => path === 'README.md') ?? assert.fail('no README.md');

/** What is not typed here, because the named test types it already. */
const typedElsewhere: Readonly<Record<string, string>> = {
  'npm ci': 'scripts/bootstrap.test.ts',
  'npm run build': 'examples/suite/install.ts',
  'npx playwright test': 'examples/playwright-e2e/playwright-e2e.test.ts',
  'npm run test:api': 'examples/playwright-e2e/playwright-e2e.test.ts',
  'npm run test:jest': 'examples/playwright-e2e/playwright-e2e.test.ts',
};

const CLONE = 'git clone <this repository> authkit && cd authkit';
const SCREEN_ENDS = /Ctrl-C ends the server\.\n/;
const DOCUMENTED_PORT = 4100;
const EXAMPLE = 'examples/vanilla-express';
/** All the tests the clone keeps: `npm test` is about running them, and a few quick ones show that as well as all. */
const keptTests = [
  'packages/server/src/core/sql/migrate.test.ts',
  'packages/server/src/environments/redirect-rules.test.ts',
  'packages/server/src/users/email.test.ts',
];
const COUNTS = /\n[1-9]\d* passed, 0 failed\n$/;

/** How commands begin that cannot be typed on this machine, for it lacks what they call. */
const lacking = [
  ...(hasPostgres() ? [] : ['DATABASE_URL=postgres:']),
  ...(isOnPath('curl') ? [] : ['curl ']),
  ...(isOnPath('openssl') ? [] : ['openssl ']),
];

describe('the commands of the pages, typed in a fresh clone', { timeout: 600_000 }, () => {
  let newcomer: Newcomer;
  let platform: Promise<Platform> | undefined;

  before(() => {
    newcomer = new Newcomer(CLONE);
    for (const file of globSync('{packages,apps,scripts,examples}/**/*.test.ts', { cwd: newcomer.folder })) {
      if (!keptTests.includes(file) && !file.includes('node_modules')) rmSync(newcomer.path(file));
    }
  });
  after(() => newcomer?.[Symbol.asyncDispose]());

  interface Platform {
    readonly printed: Readonly<Record<string, string>>;
    readonly url: string;
    readonly env: Readonly<Record<string, string>>;
  }

  /** What "For tests" starts, kept running for the commands that need a platform. */
  async function startPlatform(line: string): Promise<Platform> {
    const { stdout } = await newcomer.start(line, /\n/);
    const printed = JSON.parse(stdout) as Record<string, string>;
    const { url = '', apiKey = '', clientId = '' } = printed;
    return { printed, url, env: { WORKOS_API_KEY: apiKey, WORKOS_CLIENT_ID: clientId } };
  }
  const forTests = 'npm start --silent -- --port 0 --ephemeral --json';
  const running = (): Promise<Platform> => {
    platform ??= startPlatform(forTests);
    return platform;
  };

  async function npmTest(line: string): Promise<string> {
    const { code, stdout, stderr } = await newcomer.type(line, {
      env: { DATABASE_URL: process.env.AUTHKIT_TEST_DATABASE_URL ?? '' },
    });
    assert.equal(code, 0, stdout + stderr);
    return stdout;
  }

  const typed: Readonly<Record<string, (line: string) => Promise<void>>> = {
    async [CLONE]() {
      assert.equal(basename(newcomer.folder), 'authkit');
      assert.equal(readFileSync(newcomer.path('README.md'), 'utf8'), readme.text);
    },

    async 'npm start'(line) {
      const port = (await isFree(DOCUMENTED_PORT)) ? DOCUMENTED_PORT : await freePort();
      const first = await newcomer.start(port === DOCUMENTED_PORT ? line : `${line} -- --port ${port}`, SCREEN_ENDS);
      assertScreen(first.stdout, { port, folder: newcomer.folder });
      const { Dashboard = '', Mailbox = '' } = linesOf(first.stdout);
      await assertSignInPage(envOf(first.stdout), `http://localhost:${port}`);
      assert.match((await visit(Dashboard)).text, /Email/, 'the owner-to-be is asked for an address');
      assert.equal((await visit(Mailbox)).status, 200);
      await assertThisMachineOnly(port);
      await first.stop();

      const second = await newcomer.start(`${line} -- --port ${port}`, SCREEN_ENDS);
      assert.deepEqual(envOf(second.stdout), envOf(first.stdout), 'data and keys stay');
      await second.stop();
    },

    async 'npm start -- --ephemeral'(line) {
      rmSync(newcomer.path('.authkit'), { recursive: true, force: true });
      const started = await newcomer.start(`${line} --port 0`, SCREEN_ENDS);
      await started.stop();
      assert.equal(linesOf(started.stdout).Data, 'in memory, gone at exit');
      assert.equal(existsSync(newcomer.path('.authkit')), false);
    },

    async 'npm start -- --help'(line) {
      const { code, stdout } = await newcomer.type(line);
      assert.equal(code, 0);
      const options = [
        'port',
        'host',
        'public-url',
        'data-dir',
        'ephemeral',
        'seed',
        'json',
        'open',
        'api-key',
        'client-id',
      ];
      assert.deepEqual(
        [...stdout.matchAll(/^ {2}--([a-z-]+)/gm)].map(([, name]) => name),
        options,
      );
    },

    async [forTests](line) {
      const { printed, url, env } = await running();
      assert.equal(line, forTests);
      const keys = ['url', 'dashboardUrl', 'mailboxUrl', 'apiKey', 'clientId', 'environmentId', 'dataDir'];
      assert.deepEqual(Object.keys(printed), keys);
      const listed = keys.map((key) => `\`${key}\``).join(', ');
      assert.ok(readme.text.replaceAll(/\s+/g, ' ').includes(listed), 'README.md lists other keys');
      for (const code of inlineCodeOf(readme)) {
        const [, method, path = ''] = /^([A-Z]+) (\/dev\/[^?\s]*)/.exec(code) ?? [];
        if (!method) continue;
        const call = (headers: Record<string, string>) =>
          fetch(url + path, {
            method,
            headers: { ...headers, ...(path === '/dev/clock' && { 'content-type': 'application/json' }) },
            ...(path === '/dev/clock' && { body: '{"advance_seconds":0}' }),
          });
        assert.equal((await call({ authorization: `Bearer ${env.WORKOS_API_KEY}` })).ok, true, code);
        assert.equal((await call({})).status, 401, `${code} without the key`);
      }
    },

    async 'npm test'(line) {
      const stdout = await npmTest(line);
      assert.match(stdout, COUNTS);
      assert.deepEqual(testedFiles(stdout), keptTests);
      assert.match(stdout, /migrate \(sqlite\)/);
      if (hasPostgres()) assert.match(stdout, /migrate \(postgresql\)/);
    },

    async 'npm test -- redirect'(line) {
      assert.deepEqual(testedFiles(await npmTest(line)), ['packages/server/src/environments/redirect-rules.test.ts']);
    },

    async 'npm test -- --engine sqlite'(line) {
      const stdout = await npmTest(line);
      assert.match(stdout, /migrate \(sqlite\)/);
      assert.doesNotMatch(stdout, /migrate \(postgresql\)/);
    },

    async 'npm test -- users --test-name-pattern=email'(line) {
      assert.deepEqual(testedFiles(await npmTest(line)), ['packages/server/src/users/email.test.ts']);
    },

    async 'node_modules/.bin/node --test packages/server/src/users/email.test.ts'(line) {
      const { code, stdout } = await newcomer.type(line);
      assert.equal(code, 0, stdout);
    },

    async 'npm run check'(line) {
      assert.match(await npmTest(line), /\nEvery check passed\.\n$/);
    },

    async 'npm run gen'(line) {
      const { code, stdout } = await newcomer.type(line);
      assert.equal(code, 0, stdout);
      assert.doesNotMatch(stdout, /^wrote/m, 'what is committed is what the routes say');
    },

    async 'npm run screenshots -- waitlist'(line) {
      const { code, stdout, stderr } = await newcomer.type(line);
      assert.equal(code, 0, stdout + stderr);
      const pictures = globSync('screenshots/*/*.png', { cwd: newcomer.folder }).map((path) => path.split('/')[1]);
      assert.deepEqual([...new Set(pictures)].sort(), ['dark', 'light', 'phone', 'rtl']);
    },

    async 'npm run db:new -- add_factor_locks'(line) {
      const { stdout } = await newcomer.type(line);
      const file =
        /^packages\/server\/migrations\/\d{4}_add_factor_locks\.sql$/m.exec(stdout)?.[0] ?? assert.fail(stdout);
      assert.match(
        readFileSync(newcomer.path(file), 'utf8'),
        /Runs on SQLite and PostgreSQL: columns are text and bigint/,
      );
      rmSync(newcomer.path(file));
    },

    async 'authkit dev'(line) {
      const started = await newcomer.start(`npx ${line} --port 0 --ephemeral`, SCREEN_ENDS);
      await started.stop();
    },

    async 'authkit serve'(line) {
      const { code, stderr } = await newcomer.type(`npx ${line}`);
      assert.equal(code, 64);
      assert.match(stderr, /^authkit: There is no command 'serve'\./m);
    },

    async 'openssl rand -base64 32'(line) {
      const { code, stdout } = await newcomer.type(line);
      assert.equal(code, 0);
      assert.ok(stdout.trim().length >= 32, 'a cookie password has 32 characters or more');
    },

    async 'npm install'(line) {
      assertDone(await newcomer.type(line, { folder: EXAMPLE, env: { npm_config_offline: 'true' } }));
    },

    async 'cp .env.example .env'(line) {
      assertDone(await newcomer.type(line, { folder: EXAMPLE }));
    },

    async 'cp .env.example .env.local'(line) {
      assertDone(await newcomer.type(line, { folder: 'examples/next' }));
    },

    async 'node server.js'(line) {
      const { url, env } = await running();
      const values: Record<string, string> = {
        ...env,
        WORKOS_COOKIE_PASSWORD: 'at least thirty-two characters of it',
        WORKOS_API_PORT: new URL(url).port,
        PORT: String(await freePort()),
      };
      const form = readFileSync(newcomer.path(EXAMPLE, '.env.example'), 'utf8');
      const filledIn = form.replaceAll(/^(\w+)=.*$/gm, (same, name: string) =>
        values[name] ? `${name}='${values[name]}'` : same,
      );
      writeFileSync(newcomer.path(EXAMPLE, '.env'), filledIn);
      const app = await newcomer.start(line, /\n/, { folder: EXAMPLE });
      const signIn = await visit(`http://localhost:${values.PORT}/login`);
      assert.equal(new URL(signIn.url).origin, url);
      assert.equal(signIn.status, 200);
      await app.stop();
    },
  };

  const typedWhere: readonly { readonly is: RegExp; readonly type: (line: string) => Promise<void> }[] = [
    {
      // Measuring takes minutes: an unknown name at the end is refused after every other name has been found.
      is: /^npm (run|--silent|-s| )*bench\b/,
      async type(line) {
        const { code, stderr } = await newcomer.type(line.includes(' -- ') ? `${line} nothing` : `${line} -- nothing`);
        assert.equal(code, 64);
        assert.match(stderr, /^There is no benchmark 'nothing'/m);
      },
    },
    {
      // The whole grid takes half an hour: that it knows its examples shows that it starts.
      is: /^npm run examples\b/,
      async type(line) {
        const { code, stderr } = await newcomer.type(line.includes(' -- ') ? `${line} nothing` : `${line} -- nothing`);
        assert.equal(code, 64);
        assert.match(stderr, /^There is no example '\w+'/m);
      },
    },
    {
      is: /^DATABASE_URL=postgres:\/\/… npm start$/,
      async type(line) {
        const database = (await freshPostgres()) ?? assert.fail('no PostgreSQL');
        rmSync(newcomer.path('.authkit'), { recursive: true, force: true });
        const address = database.url.replace(/^postgresql:/, 'postgres:');
        const started = await newcomer.start(`${line.replace('postgres://…', address)} -- --port 0`, SCREEN_ENDS);
        await assertSignInPage(envOf(started.stdout), linesOf(started.stdout).Server ?? '');
        await started.stop();
        assert.ok(existsSync(newcomer.path('.authkit/encryption.key')));
        assert.equal(existsSync(newcomer.path('.authkit/authkit.db')), false, 'it used the embedded database');
        await database.drop();
      },
    },
    {
      is: /^curl http:\/\/localhost:4100\//,
      async type(line) {
        const { url, env } = await running();
        const { stdout, stderr } = await newcomer.type(line.replace('http://localhost:4100', url), { env });
        const [, made] = /\/user_management\/(\w+)s /.exec(line) ?? [];
        assert.equal((JSON.parse(stdout || '{}') as { object?: string }).object, made, stdout + stderr);
      },
    },
  ];

  const commands = new Map<string, string>();
  for (const found of pages) for (const line of commandsOf(found)) commands.set(line, commands.get(line) ?? found.path);

  /** Each guide's in an empty project, by scripts/docs-installs.test.ts. */
  const installs = pages.flatMap(installLinesOf);

  for (const [line, path] of commands) {
    if (installs.includes(line)) continue;
    const type = typed[line] ?? typedWhere.find(({ is }) => is.test(line))?.type;
    const elsewhere = typedElsewhere[line];
    if (lacking.some((beginning) => line.startsWith(beginning))) continue;
    it(`${line} (${path})`, async () => {
      if (elsewhere !== undefined) assert.ok(readFileSync(join(root, elsewhere), 'utf8').includes(line), elsewhere);
      else if (type) await type(line);
      else
        assert.fail(`${path} tells people to type this, and no test does: type it here, or name the test that does.`);
    });
  }

  it('names no command that no page mentions', () => {
    const named = [...Object.keys(typed), ...Object.keys(typedElsewhere)];
    assert.deepEqual(
      named.filter((line) => !commands.has(line)),
      [],
    );
  });

  it('runs the JavaScript of README.md with the SDK from npm', async () => {
    const { url, env } = await running();
    const snippets = fencesOf(readme).filter(({ language }) => language === 'js');
    assert.equal(snippets.length, 1);
    const text = (snippets[0]?.lines ?? []).join('\n').replace(String(DOCUMENTED_PORT), new URL(url).port);
    writeFileSync(newcomer.path('snippet.mjs'), `${text}\nconsole.log(JSON.stringify(users));\n`);
    const { stdout, stderr } = await newcomer.type('node snippet.mjs', { env });
    assert.deepEqual([stdout, stderr], ['[]\n', '']);
    rmSync(newcomer.path('snippet.mjs'));
  });
});

function hasPostgres(): boolean {
  return testedEngines().includes('postgresql') && Boolean(process.env.AUTHKIT_TEST_DATABASE_URL || findPostgres());
}

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}

function assertDone({ code, stdout, stderr }: Ended): void {
  assert.equal(code, 0, stdout + stderr);
}

/** What npm says before the program is left out. */
const screenOf = (stdout: string): readonly string[] =>
  stdout
    .split('\n')
    .filter((line) => !line.startsWith('> '))
    .join('\n')
    .replace(/^\n+|\n+$/g, '')
    .split('\n');

/** The screen is the one in README.md, line for line, where `…` stands for what differs. */
function assertScreen(stdout: string, { port, folder }: { port: number; folder: string }): void {
  const shown = fencesOf(readme).find(({ lines }) => lines.join().includes('AuthKit is running.'))?.lines ?? [];
  const patterns = shown.map((line) => {
    const here = line.replace('/path/to/authkit', folder).replace(String(DOCUMENTED_PORT), String(port));
    return new RegExp(`^${here.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '\\S{8,}')}$`);
  });
  const screen = screenOf(stdout);
  assert.deepEqual(
    screen.map((line, index) => (patterns[index]?.test(line) ? shown[index] : line)),
    shown,
  );
}

/** The rows of the screen by their names. */
const linesOf = (stdout: string): Record<string, string> =>
  Object.fromEntries([...stdout.matchAll(/^ {2}([A-Z][a-z]+) {2,}(\S.*)$/gm)].map(([, name, value]) => [name, value]));

/** What the screen says to paste. */
const envOf = (stdout: string): Record<string, string> =>
  Object.fromEntries([...stdout.matchAll(/^([A-Z_]+)='?(.*?)'?$/gm)].map(([, name, value]) => [name, value]));

async function assertSignInPage(env: Record<string, string>, server: string): Promise<void> {
  const query = new URLSearchParams({
    client_id: env.WORKOS_CLIENT_ID ?? '',
    redirect_uri: env.WORKOS_REDIRECT_URI ?? '',
    response_type: 'code',
    provider: 'authkit',
  });
  const { status, url, text } = await visit(`${server}/user_management/authorize?${query}`);
  assert.deepEqual([status, new URL(url).pathname], [200, '/sign-in']);
  assert.match(text, /<label[^>]*>\s*Email/);
}

/** Follows redirects with cookies, as a browser does. */
async function visit(address: string): Promise<{ status: number; url: string; text: string }> {
  const cookies = new Map<string, string>();
  for (let url = address, left = 10; left > 0; left -= 1) {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (!location) return { status: response.status, url, text: await response.text() };
    url = new URL(location, url).href;
  }
  return assert.fail(`${address} redirects without end`);
}

/** "It listens on this machine only": nobody who comes by another of its addresses gets in. */
async function assertThisMachineOnly(port: number): Promise<void> {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  for (const { address, internal, family } of addresses) {
    if (internal || family !== 'IPv4') continue;
    await assert.rejects(fetch(`http://${address}:${port}/healthz`), address);
  }
}

/** A developer's own platform may be on the documented port. */
async function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen({ port, host: '127.0.0.1' }, () => server.close(() => done(true)));
  });
}

/** The files that a run of `npm test` reports on. */
const testedFiles = (stdout: string): readonly string[] =>
  [...stdout.matchAll(/^(\S+\.test\.ts)$/gm)].map(([, file = '']) => file);
