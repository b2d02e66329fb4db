/**
 * The quickstart as its reader meets it: the platform by `npm start`, the app by `node server.js` and its environment,
 * the unmodified SDK from npm between them, and a person in a real browser.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserContext, Page } from 'playwright-core';
import { launchBrowser, type TestBrowser } from '../../packages/server/test/browser.ts';
import { findPostgres, freshPostgres, testedEngines } from '../../packages/server/test/postgres.ts';

const EXAMPLE = import.meta.dirname;
const ROOT = resolve(EXAMPLE, '../..');

/** Longer than an access token lives (300 s), shorter than a sign-in attempt (600 s). */
const TOKEN_OUTLIVED_MS = 400_000;
const READY_TIMEOUT_MS = 180_000; // A first `npm start` installs and builds.
const JOURNEY_TIMEOUT_MS = READY_TIMEOUT_MS + 60_000;
const MAIL_TIMEOUT_MS = 10_000;
const COOKIE_LIMIT_BYTES = 4096; // RFC 6265 section 6.1: what a browser has to keep.

const person = {
  email: 'ada@example.com',
  password: 'violet harbour 42 lantern',
  firstName: 'Ada',
  lastName: 'Lovelace',
};

/** PostgreSQL where `npm test` provides one, or where one can be started. */
const engines = testedEngines().filter(
  (engine) => engine === 'sqlite' || process.env.AUTHKIT_TEST_DATABASE_URL || findPostgres(),
);

describe('express-quickstart', () => {
  let browser: TestBrowser;

  before(async () => {
    installExample();
    browser = await launchBrowser();
  });
  after(() => browser?.close());

  for (const engine of engines) {
    for (const javaScriptEnabled of [true, false]) {
      const title = `signs up, stays signed in, signs out and in again (${engine}, JavaScript ${javaScriptEnabled ? 'on' : 'off'})`;
      it(title, { timeout: JOURNEY_TIMEOUT_MS }, async () => {
        await using stage = await startStage(engine);
        await using context = await browser.newContext({ javaScriptEnabled });
        const page = await context.newPage();

        await signUp(page, stage);
        const expired = await outliveAccessToken(page, stage);
        await refuseForgedSignOut(page, stage);
        await signOut(page, stage, { fetchesToken: javaScriptEnabled });
        await refuseEndedSession(stage, expired);
        await signInAgain(page, stage);
      });
    }
  }

  it('keeps the session while the platform is away', { timeout: JOURNEY_TIMEOUT_MS }, async () => {
    await using stage = await startStage('sqlite');
    await using context = await browser.newContext();
    await signUp(await context.newPage(), stage);
    await stage.platform.stop();

    const response = await visitDashboard(stage.app, await sessionCookie(context, stage.app));

    assert.equal(response.status, 503);
    assert.deepEqual(response.headers.getSetCookie(), []);
  });
});

describe('express-quickstart without a platform', () => {
  let app: App;

  before(async () => {
    installExample();
    app = await startApp(await freePort());
  });
  after(() => app?.[Symbol.asyncDispose]());

  it('sends people to the hosted pages with a state and a PKCE challenge (RFC 7636 section 4.3)', async () => {
    const response = await fetch(`${app.url}/login?screen_hint=sign-up`, { redirect: 'manual' });
    const { origin, pathname, searchParams } = new URL(location(response));
    const { state, code_challenge, ...rest } = Object.fromEntries(searchParams);

    assert.equal(response.status, 302);
    assert.equal(origin + pathname, 'http://localhost:4100/user_management/authorize');
    assert.match(state ?? '', /^[\w-]{43}$/);
    assert.match(code_challenge ?? '', /^[\w-]{43}$/);
    assert.deepEqual(rest, {
      client_id: 'client_123456789',
      code_challenge_method: 'S256',
      provider: 'authkit',
      redirect_uri: `${app.url}/callback`,
      response_type: 'code',
      screen_hint: 'sign-up',
    });
  });

  const elsewhere = [
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/.//evil.example',
    'javascript:alert(1)',
  ];
  for (const target of [...elsewhere, '/dashboard?tab=1', `/${'a'.repeat(5000)}`]) {
    it(`returns to its own origin when asked for ${target.slice(0, 40)}`, async () => {
      const response = await fetch(`${app.url}/login?return_to=${encodeURIComponent(target)}`, { redirect: 'manual' });
      const [cookie = ''] = response.headers.getSetCookie();
      const note = /^sign-in-[^=]+=s%3Aj%3A(.*)\.[^.;]+;/.exec(cookie)?.[1] ?? '';
      const { returnTo } = JSON.parse(decodeURIComponent(note));

      assert.equal(new URL(returnTo).origin, app.url);
      if (target.startsWith('/dashboard')) assert.equal(returnTo, `${app.url}${target}`);
      assert.match(cookie, /; Max-Age=600; Path=\/callback; Expires=[^;]+; HttpOnly; SameSite=Lax$/);
    });
  }

  it('refuses a callback that this browser did not start', async () => {
    const response = await fetch(`${app.url}/callback?code=stolen&state=foreign`, { redirect: 'manual' });

    assert.equal(response.status, 400);
    assert.deepEqual(response.headers.getSetCookie(), []);
    assert.match(await response.text(), /started in another browser/);
  });

  it('explains an error that comes back from a sign-in it did start', async () => {
    const login = await fetch(`${app.url}/login`, { redirect: 'manual' });
    const state = new URL(location(login)).searchParams.get('state');
    const cookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const query = new URLSearchParams({
      error: 'access_denied',
      error_description: '<b>You cancelled.</b>',
      state: state ?? '',
    });

    const response = await fetch(`${app.url}/callback?${query}`, { redirect: 'manual', headers: { cookie } });

    assert.equal(response.status, 400);
    assert.match(await response.text(), /You were not signed in: &#60;b&#62;You cancelled\./);
  });

  for (const cookie of ['', 'wos-session=forged', 'wos-session=Fe26.2*1*a*b*c**d*e~2', 'wos-session=j:{}']) {
    it(`sends people who come with "${cookie}" to sign in and remembers where they were`, async () => {
      const response = await fetch(`${app.url}/dashboard?tab=1`, { redirect: 'manual', headers: { cookie } });

      assert.equal(response.status, 302);
      assert.equal(location(response), '/login?return_to=%2Fdashboard%3Ftab%3D1');
    });
  }

  it('gives out a CSRF token and signs nobody out without one', async () => {
    const answer = await fetch(`${app.url}/csrf-token`);
    const [cookie = ''] = answer.headers.getSetCookie();
    const { csrfToken } = (await answer.json()) as { csrfToken: string };
    const post = (body: Record<string, string>, sentCookie: string) =>
      fetch(`${app.url}/logout`, {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie: sentCookie },
        body: new URLSearchParams(body),
      });
    const pair = cookie.split(';')[0] ?? '';

    assert.match(cookie, /^csrf=[^;]+; Path=\/; HttpOnly; SameSite=Strict$/);
    assert.equal((await post({}, '')).status, 403);
    assert.equal((await post({}, pair)).status, 403);
    assert.equal((await post({ csrf_token: csrfToken }, '')).status, 403);
    assert.equal((await post({ csrf_token: `${csrfToken}0` }, pair)).status, 403);
    assert.equal((await post({ csrf_token: csrfToken }, pair)).status, 303);
    assert.equal((await fetch(`${app.url}/logout`)).status, 404);
  });

  for (const name of ['WORKOS_API_KEY', 'WORKOS_CLIENT_ID', 'WORKOS_REDIRECT_URI', 'WORKOS_COOKIE_PASSWORD']) {
    it(`stops with one line when ${name} is missing`, () => {
      assert.deepEqual(failedStart({ [name]: '' }), `${name} is not set. Copy .env.example to .env and fill it in.\n`);
    });
  }

  it('stops with one line when the cookie password has 31 characters', () => {
    const line = 'WORKOS_COOKIE_PASSWORD needs at least 32 characters: try `openssl rand -base64 32`.\n';
    assert.deepEqual(failedStart({ WORKOS_COOKIE_PASSWORD: 'x'.repeat(31) }), line);
  });
});

// --- The journey ------------------------------------------------------------------------------------------------

/** Signs up while the platform's clock runs behind, so that the token has already expired when it catches up. */
async function signUp(page: Page, { app, platform }: Stage): Promise<void> {
  await platform.setClock(new Date(Date.now() - TOKEN_OUTLIVED_MS));
  await page.goto(app.url);
  await page.getByRole('link', { name: 'Sign in' }).waitFor();
  await page.getByRole('link', { name: 'Sign up' }).click();

  await page.getByLabel('Email', { exact: true }).fill(person.email);
  const firstName = page.getByLabel('First name');
  if (await firstName.isVisible()) {
    await firstName.fill(person.firstName);
    await page.getByLabel('Last name').fill(person.lastName);
  }
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  assert.equal(new URL(page.url()).origin, platform.url, 'the password is typed on the platform only');
  await page.getByRole('button', { name: 'Sign up' }).click();

  const code = page.getByLabel('Code', { exact: true });
  await code.waitFor();
  await code.fill(await platform.mailedCode(person.email));
  await page.getByRole('button', { name: 'Continue' }).click();

  await page.waitForURL(`${app.url}/`);
  await seesEmail(page);
  await page.reload();
  await seesEmail(page);
}

/** @returns the session cookie whose access token expired on the way */
async function outliveAccessToken(page: Page, { app, platform }: Stage): Promise<string> {
  const expired = await sessionCookie(page.context(), app);
  assert.match(expired, /^Fe26\.2\*/, 'the session is sealed');
  assert.ok(expired.length < COOKIE_LIMIT_BYTES);
  await platform.resetClock();

  await page.getByRole('link', { name: 'Open the dashboard' }).click();
  await page.getByRole('heading', { name: 'Dashboard' }).waitFor();
  await seesEmail(page);
  const renewed = await sessionCookie(page.context(), app);
  assert.notEqual(renewed, expired);

  await page.reload();
  await seesEmail(page);
  assert.equal(await sessionCookie(page.context(), app), renewed, 'a token that is still good is not renewed');

  // Tabs and prefetches that left with the old cookie: the token it holds was used a moment ago, and nobody notices.
  const latecomers = await Promise.all(Array.from({ length: 20 }, () => visitDashboard(app, expired)));
  assert.deepEqual(new Set(latecomers.map(({ status }) => status)), new Set([200]));
  await page.reload();
  await seesEmail(page);
  return expired;
}

async function refuseForgedSignOut(page: Page, { app }: Stage): Promise<void> {
  const { request } = page.context();
  const forged: Record<string, string>[] = [
    {},
    { csrf_token: 'f'.repeat(64) },
    { csrf_token: await foreignToken(app) },
  ];
  for (const form of forged) {
    const response = await request.post(`${app.url}/logout`, { form, maxRedirects: 0 });
    assert.equal(response.status(), 403);
  }
  assert.equal((await request.get(`${app.url}/logout`)).status(), 404);

  const evil = await page.context().newPage();
  await evil.goto(`data:text/html,<form method="post" action="${app.url}/logout"><button>Win a prize</button></form>`);
  const [answer] = await Promise.all([evil.waitForResponse(`${app.url}/logout`), evil.getByRole('button').click()]);
  assert.equal(answer.status(), 403);
  await evil.close();

  await page.reload();
  await seesEmail(page);
}

async function signOut(page: Page, { app }: Stage, { fetchesToken }: { fetchesToken: boolean }): Promise<void> {
  const paths: string[] = [];
  page.on('request', (request) => paths.push(new URL(request.url()).pathname));
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(`${app.url}/`);
  await page.getByRole('link', { name: 'Sign in' }).waitFor();

  assert.equal(paths.includes('/csrf-token'), fetchesToken);
  assert.ok(
    paths.includes('/user_management/sessions/logout'),
    'the platform ended the session and sent the browser back',
  );
  assert.equal(await sessionCookie(page.context(), app), '');
}

/** A cookie copied before the sign-out is worth nothing once its access token has run out. */
async function refuseEndedSession({ app }: Stage, expired: string): Promise<void> {
  const response = await visitDashboard(app, expired);

  assert.equal(response.status, 302);
  assert.equal(location(response), '/login?return_to=%2Fdashboard');
  assert.match(response.headers.getSetCookie().join(), /wos-session=;/);
}

/** From a deep link, which is where it ends. */
async function signInAgain(page: Page, { app }: Stage): Promise<void> {
  await page.goto(`${app.url}/dashboard?from=mail`);
  await page.getByLabel('Email', { exact: true }).fill(person.email);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();

  await page.waitForURL(`${app.url}/dashboard?from=mail`);
  await seesEmail(page);
}

const seesEmail = (page: Page) => page.getByText(person.email).waitFor();

async function sessionCookie(context: BrowserContext, app: App): Promise<string> {
  const cookies = await context.cookies(app.url);
  return cookies.find(({ name }) => name === 'wos-session')?.value ?? '';
}

const visitDashboard = (app: App, session: string) =>
  fetch(`${app.url}/dashboard`, { redirect: 'manual', headers: { cookie: `wos-session=${session}` } });

/** A token that the app made for somebody else. */
async function foreignToken(app: App): Promise<string> {
  const response = await fetch(`${app.url}/csrf-token`);
  return ((await response.json()) as { csrfToken: string }).csrfToken;
}

const location = (response: Response) => response.headers.get('location') ?? '';

// --- Platform and app -------------------------------------------------------------------------------------------

interface App extends AsyncDisposable {
  /** Origin, as in the redirect URI. */
  readonly url: string;
}

interface Platform extends AsyncDisposable {
  readonly url: string;
  stop(): Promise<void>;
  setClock(now: Date): Promise<void>;
  resetClock(): Promise<void>;
  /** The newest six-digit code sent to the address. Waits for it: mail leaves after the answer to the browser. */
  mailedCode(to: string): Promise<string>;
}

interface Stage extends AsyncDisposable {
  readonly app: App;
  readonly platform: Platform;
}

/** A platform of its own for each journey, and the app set up there as the guide says. */
async function startStage(engine: 'sqlite' | 'postgresql'): Promise<Stage> {
  const port = await freePort();
  const platform = await startPlatform(`http://localhost:${port}`, engine);
  const app = await startApp(port, platform.environment);
  return {
    app,
    platform,
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]();
      await platform[Symbol.asyncDispose]();
    },
  };
}

async function startPlatform(
  appUrl: string,
  engine: 'sqlite' | 'postgresql',
): Promise<Platform & { environment: Record<string, string> }> {
  const database = engine === 'postgresql' ? await freshPostgres() : null;
  const folder = await mkdtemp(join(tmpdir(), 'express-quickstart-'));
  const seed = join(folder, 'seed.json');
  await writeFile(
    seed,
    JSON.stringify({
      redirect_uris: [`${appUrl}/callback`],
      sign_out_redirects: [`${appUrl}/`],
      sign_in_endpoint: `${appUrl}/login`,
      cors_origins: [appUrl],
    }),
  );
  const options = ['--port', '0', '--ephemeral', '--json', '--seed', seed];
  const { line, stop } = await startProcess('npm', ['start', '--silent', '--', ...options], {
    cwd: ROOT,
    env: database ? { DATABASE_URL: database.url } : {},
  });
  const { url, apiKey, clientId } = JSON.parse(line) as { url: string; apiKey: string; clientId: string };
  const { hostname, port } = new URL(url);

  async function control(method: string, path: string, body?: object): Promise<Response> {
    const headers = { authorization: `Bearer ${apiKey}`, ...(body && { 'content-type': 'application/json' }) };
    const response = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) });
    assert.ok(response.ok, `${method} ${path} answered ${response.status}`);
    return response;
  }

  return {
    url,
    stop,
    environment: {
      WORKOS_API_KEY: apiKey,
      WORKOS_CLIENT_ID: clientId,
      WORKOS_API_HOSTNAME: hostname,
      WORKOS_API_PORT: port,
      WORKOS_API_HTTPS: 'false',
    },
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
    async [Symbol.asyncDispose]() {
      await stop();
      await database?.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** `node server.js` with nothing but its environment. Without a platform it is told of one that is not there. */
async function startApp(port: number, environment: Record<string, string> = {}): Promise<App> {
  const url = `http://localhost:${port}`;
  const env = { ...appEnvironment(url), PORT: String(port), ...environment };
  const { stop } = await startProcess('node', ['server.js'], { cwd: EXAMPLE, env });
  return { url, [Symbol.asyncDispose]: stop };
}

/** What the app writes to stderr when it refuses to start. */
function failedStart(environment: Record<string, string>): string {
  const env = { ...outerEnvironment(), ...appEnvironment('http://localhost:3000'), PORT: '0', ...environment };
  // Elsewhere, so that a developer's own .env does not fill the gap.
  const { status, stdout, stderr } = spawnSync('node', [join(EXAMPLE, 'server.js')], {
    cwd: tmpdir(),
    env,
    encoding: 'utf8',
  });
  assert.equal(status, 1);
  assert.equal(stdout, '');
  return stderr;
}

const appEnvironment = (url: string) => ({
  WORKOS_API_KEY: 'sk_example_123456789',
  WORKOS_CLIENT_ID: 'client_123456789',
  WORKOS_REDIRECT_URI: `${url}/callback`,
  WORKOS_COOKIE_PASSWORD: 'a "cookie" password, at least 32 long',
  WORKOS_API_HOSTNAME: 'localhost',
  WORKOS_API_PORT: '4100',
  WORKOS_API_HTTPS: 'false',
  WORKOS_BASE_URL: '',
});

/** Ours, without what a developer's shell, `npm test` or the test runner set for purposes of their own. */
function outerEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(WORKOS_|AUTHKIT_|DATABASE_URL$|PORT$|NODE_OPTIONS$|NODE_TEST_|npm_(?!config_))/;
  const narrowing = /^npm_config_(loglevel|json|workspaces?|include_workspace_root|global|omit|production|dry_run)$/;
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !foreign.test(name) && !narrowing.test(name)),
  );
}

interface ProcessOptions {
  readonly cwd: string;
  readonly env: Record<string, string>;
}

/** Starts a program and waits for the first line on its stdout, which both of ours write when they are ready. */
async function startProcess(command: string, args: string[], { cwd, env }: ProcessOptions) {
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
  const stop = () => stopGroup(child);
  try {
    const [line] = (await Promise.race([
      once(lines, 'line', { signal: AbortSignal.timeout(READY_TIMEOUT_MS) }),
      once(child, 'close').then(([code]) => Promise.reject(new Error(`it ended with code ${code}`))),
    ])) as [string];
    return { line, stop };
  } catch (cause) {
    await stop();
    throw new Error(`\`${command} ${args.join(' ')}\` did not start.\n${log}`, { cause });
  }
}

async function stopGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  process.kill(-child.pid, 'SIGTERM');
  await closed;
}

/** `npm ci` where the example was never installed or its lockfile is newer than the installation. */
function installExample(): void {
  const lockfile = join(EXAMPLE, 'package-lock.json');
  const record = join(EXAMPLE, 'node_modules/.package-lock.json');
  if (existsSync(record) && statSync(record).mtimeMs >= statSync(lockfile).mtimeMs) return;
  const { status, stderr } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: EXAMPLE,
    env: outerEnvironment(),
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  assert.equal(status, 0, stderr);
}

/** A port that is free now: the app's address must be known before it starts, as the platform has to list it. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  assert.ok(address && typeof address === 'object');
  return address.port;
}
