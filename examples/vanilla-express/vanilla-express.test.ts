/** The walks of every example, and what only this one promises: the shape of its requests, its refusals, its start. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { freePort, outerEnvironment } from '../../packages/server/test/processes.ts';
import { type App, startApp } from '../suite/app.ts';
import { describeExample, type Example, type Stage } from '../suite/index.ts';
import { install } from '../suite/install.ts';
import { becomeOwner } from '../suite/owner.ts';
import { seesWelcome } from '../suite/pages.ts';
import { longAgo, newcomer } from '../suite/people.ts';

const example: Example = {
  name: 'vanilla-express',
  sdk: { package: '@workos-inc/node', previous: '10.14.0' },
  csrf: { field: 'csrf_token', from: '/csrf-token' },
  engine: 'postgresql',
};

describeExample(example, (stage) => {
  it("lists the person on the dashboard's Users page, where their session can be ended", async () => {
    const { visitor, person } = await longAgo(stage(), newcomer);
    await using _ = visitor;
    await revokeOnDashboard(stage(), person.email);
    await visitor.open('/');
    await seesWelcome(visitor.page);
    assert.equal(await visitor.session(), '');
  });
});

/** Finds the person, looks at their sessions and ends the one there is. */
async function revokeOnDashboard(stage: Stage, email: string): Promise<void> {
  await using owner = await becomeOwner(stage);
  const { page } = owner;
  await page.goto(`${stage.platform.url}/dashboard`);
  await page.getByRole('link', { name: 'Users', exact: true }).click();
  await page.getByRole('searchbox', { name: 'Search users' }).fill(email);
  const row = page.getByRole('table', { name: 'Users' }).getByRole('row').filter({ hasText: email });
  await row.getByText('verified', { exact: true }).waitFor();
  await row.getByRole('link').click();
  await page.getByRole('tab', { name: 'Sessions' }).click();
  const sessions = page.getByRole('table', { name: 'Sessions' });
  await sessions.getByRole('button', { name: 'Revoke the session' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke session' }).click();
  await sessions.getByText('revoked', { exact: true }).waitFor();
  assert.equal(await sessions.getByText('active', { exact: true }).count(), 0);
}

describe('vanilla-express without a platform', () => {
  let app: App;
  let folder: string;

  before(async () => {
    ({ folder } = await install(example.name, { package: example.sdk.package }));
    const port = await freePort();
    app = await startApp(folder, port, environmentOf(`http://localhost:${port}`));
  });
  after(() => app?.[Symbol.asyncDispose]());

  it('sends people to the hosted pages with a state and a PKCE challenge (RFC 7636 section 4.3)', async () => {
    const response = await fetch(`${app.url}/login?screen_hint=sign-up`, { redirect: 'manual' });
    const { origin, pathname, searchParams } = new URL(locationOf(response));
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
  for (const target of [...elsewhere, '/account?tab=1', `/${'a'.repeat(5000)}`]) {
    it(`returns to its own origin when asked for ${target.slice(0, 40)}`, async () => {
      const response = await fetch(`${app.url}/login?return_to=${encodeURIComponent(target)}`, { redirect: 'manual' });
      const [cookie = ''] = response.headers.getSetCookie();
      const note = /^sign-in-[^=]+=s%3Aj%3A(.*)\.[^.;]+;/.exec(cookie)?.[1] ?? '';
      const { returnTo } = JSON.parse(decodeURIComponent(note));

      assert.equal(new URL(returnTo).origin, app.url);
      if (target.startsWith('/account')) assert.equal(returnTo, `${app.url}${target}`);
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
    const state = new URL(locationOf(login)).searchParams.get('state');
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
      const response = await fetch(`${app.url}/account?tab=1`, { redirect: 'manual', headers: { cookie } });

      assert.equal(response.status, 302);
      assert.equal(locationOf(response), '/login?return_to=%2Faccount%3Ftab%3D1');
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

  /** What the app writes to stderr when it refuses to start. */
  function failedStart(environment: Record<string, string>): string {
    const env = { ...outerEnvironment(), ...environmentOf('http://localhost:3000'), PORT: '0', ...environment };
    // Elsewhere, so that a developer's own .env does not fill the gap.
    const { status, stdout, stderr } = spawnSync('node', [join(folder, 'server.js')], {
      cwd: tmpdir(),
      env,
      encoding: 'utf8',
    });
    assert.equal(status, 1);
    assert.equal(stdout, '');
    return stderr;
  }
});

const locationOf = (response: Response): string => response.headers.get('location') ?? '';

/** Of a platform that is not there. */
const environmentOf = (url: string) => ({
  WORKOS_API_KEY: 'sk_example_123456789',
  WORKOS_CLIENT_ID: 'client_123456789',
  WORKOS_REDIRECT_URI: `${url}/callback`,
  WORKOS_COOKIE_PASSWORD: 'a "cookie" password, at least 32 long',
  WORKOS_API_HOSTNAME: 'localhost',
  WORKOS_API_PORT: '4100',
  WORKOS_API_HTTPS: 'false',
});
