/**
 * The quickstart as its reader meets it: the platform by `npm start`, the app by `node server.js` and its environment,
 * the unmodified SDK from npm between them, and a person in a real browser.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { launchBrowser, type TestBrowser } from '../../packages/server/test/browser.ts';
import { findPostgres, freshPostgres, testedEngines } from '../../packages/server/test/postgres.ts';
import {
  freePort,
  outerEnvironment,
  type Platform,
  startPlatform,
  startProcess,
} from '../../packages/server/test/processes.ts';

const EXAMPLE = import.meta.dirname;

/** Longer than an access token lives (300 s), shorter than a sign-in attempt (600 s). */
const TOKEN_OUTLIVED_MS = 400_000;
const JOURNEY_TIMEOUT_MS = 240_000; // A first `npm start` installs and builds.
const COOKIE_LIMIT_BYTES = 4096; // RFC 6265 section 6.1: what a browser has to keep.

const owner = { email: 'grace@example.com', password: 'copper lantern 17 meadow' };
const person = { email: 'ada@example.com', password: 'violet harbour 42 lantern' };

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
      const title = `takes a person from sign-up to the dashboard's Users page (${engine}, JavaScript ${javaScriptEnabled ? 'on' : 'off'})`;
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

        await using dashboard = await becomeOwner(browser, stage, javaScriptEnabled);
        await revokeFromDashboard(dashboard, stage);
        await isSignedOut(page, stage);
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
  await fillInSignUp(page, platform, person);
  await page.waitForURL(`${app.url}/`);
  await seesEmail(page);
  await page.reload();
  await seesEmail(page);
}

/** The hosted sign-up from the password on, whoever sent the person there. */
async function fillInSignUp(
  page: Page,
  platform: Platform,
  { email, password }: { email: string; password: string },
): Promise<void> {
  assert.equal(new URL(page.url()).origin, platform.url, 'the password is typed on the platform only');
  assert.equal(await page.getByLabel('Email', { exact: true }).inputValue(), email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign up' }).click();

  const code = page.getByLabel('Code', { exact: true });
  await code.waitFor();
  await code.fill(await platform.mailedCode(email));
  await code.press('Enter');
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

/** From a deep link, which is where it ends. The clock is behind again: this access token has run out, too. */
async function signInAgain(page: Page, { app, platform }: Stage): Promise<void> {
  await platform.setClock(new Date(Date.now() - TOKEN_OUTLIVED_MS));
  await page.goto(`${app.url}/dashboard?from=mail`);
  await page.getByLabel('Email', { exact: true }).fill(person.email);
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();

  await page.waitForURL(`${app.url}/dashboard?from=mail`);
  await seesEmail(page);
  await platform.resetClock();
}

/**
 * Follows the link that the platform printed, through the same hosted pages that everybody signs in on. The dashboard
 * itself needs script, so its own page is opened with it.
 */
async function becomeOwner(browser: TestBrowser, { platform }: Stage, javaScriptEnabled: boolean) {
  await using context = await browser.newContext({ javaScriptEnabled });
  const page = await context.newPage();
  await page.goto(platform.dashboardUrl);
  await page.getByLabel('Email', { exact: true }).fill(owner.email);
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await page.waitForURL(`${platform.url}/sign-up?*`);
  await fillInSignUp(page, platform, owner);
  await page.waitForURL(`${platform.url}/dashboard`);

  const anew = await page.goto(platform.dashboardUrl);
  assert.equal(anew?.status(), 403, 'the first-run link works once');
  return browser.newContext({ storageState: await context.storageState() });
}

/** Finds the person, looks at their sessions and ends the one that is left. */
async function revokeFromDashboard(context: BrowserContext, { platform }: Stage): Promise<void> {
  const page = await context.newPage();
  await page.goto(`${platform.url}/dashboard`);
  await page.getByRole('link', { name: 'Users', exact: true }).click();
  const row = page.getByRole('table', { name: 'Users' }).getByRole('row').filter({ hasText: person.email });
  await row.getByText('verified', { exact: true }).waitFor();
  await page.getByRole('searchbox', { name: 'Search users' }).fill('ada@');
  await page.waitForURL(/search=ada/);
  await row.getByRole('link').click();

  await page.getByRole('tab', { name: 'Sessions' }).click();
  const sessions = page.getByRole('table', { name: 'Sessions' });
  await sessions.waitFor();
  assert.equal(await sessions.getByText('revoked', { exact: true }).count(), 1, 'the one they signed out of');
  assert.equal(await sessions.getByText('active', { exact: true }).count(), 1);
  await sessions.getByRole('button', { name: 'Revoke the session' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke session' }).click();
  await sessions.getByText('revoked', { exact: true }).nth(1).waitFor();
  assert.equal(await sessions.getByText('active', { exact: true }).count(), 0);
}

/** The app notices at its next renewal, and the platform does not sign the person in again by itself. */
async function isSignedOut(page: Page, { app, platform }: Stage): Promise<void> {
  await page.goto(app.url);
  await page.getByRole('link', { name: 'Sign in' }).waitFor();
  assert.equal(await sessionCookie(page.context(), app), '');
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByLabel('Email', { exact: true }).waitFor();
  assert.equal(new URL(page.url()).origin, platform.url);
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

interface Stage extends AsyncDisposable {
  readonly app: App;
  readonly platform: Platform;
}

/** A platform of its own for each journey, and the app set up there as the guide says. */
async function startStage(engine: 'sqlite' | 'postgresql'): Promise<Stage> {
  const port = await freePort();
  const appUrl = `http://localhost:${port}`;
  const database = engine === 'postgresql' ? await freshPostgres() : null;
  const seed = {
    redirect_uris: [`${appUrl}/callback`],
    sign_out_redirects: [`${appUrl}/`],
    sign_in_endpoint: `${appUrl}/login`,
    cors_origins: [appUrl],
  };
  const platform = await startPlatform({ seed, databaseUrl: database?.url });
  const app = await startApp(port, environmentOf(platform));
  return {
    app,
    platform,
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]();
      await platform.stop();
      await database?.drop();
    },
  };
}

/** What the platform prints for the `.env` of an app. */
function environmentOf({ url, apiKey, clientId }: Platform): Record<string, string> {
  const { hostname, port } = new URL(url);
  return {
    WORKOS_API_KEY: apiKey,
    WORKOS_CLIENT_ID: clientId,
    WORKOS_API_HOSTNAME: hostname,
    WORKOS_API_PORT: port,
    WORKOS_API_HTTPS: 'false',
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
