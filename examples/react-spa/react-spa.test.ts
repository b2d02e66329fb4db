/** A React app that is files only: the walks that need no server, and those that only such an app has. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { chooseOrganization, enterCredentials } from '../suite/hosted.ts';
import { describeExample, type Example, type Stage } from '../suite/index.ts';
import { askToImpersonate, becomeOwner } from '../suite/owner.ts';
import { fact, facts, seesAccount, seesHello, seesWelcome, signIn, signOutButton } from '../suite/pages.ts';
import { atPlatform, newcomer } from '../suite/people.ts';
import { join } from '../suite/walks/acting.ts';
import { foreignCallback, unasked } from '../suite/walks/callbacks.ts';
import { unquoted } from '../suite/walks/closing.ts';
import { activeSessions } from '../suite/walks/staying.ts';

const noServer = 'it has no server';
const noCookie = 'it keeps no cookie of its own';

/** What the walks of the suite prove, where its steps need a server or a cookie. */
const own: Example['own'] = {
  async 'return-to'(stage) {
    const { visitor, person } = await newcomer(stage, { provokes: true });
    await using _ = visitor;
    const { page } = visitor;
    for (const target of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)']) {
      // Nobody comes by six times in a second but a browser that goes round in circles.
      await visitor.context.clearCookies({ name: /^authkit-rounds-/ });
      await visitor.open(`/login?return_to=${encodeURIComponent(target)}`);
      await page.waitForURL(`${stage.app.url}/`);
      await seesHello(page, person);
    }
  },

  'foreign-callback': (stage) =>
    foreignCallback(stage, {
      ...unasked,
      settled: ({ page }) => page.getByLabel('Email', { exact: true }).waitFor(), // Nobody yet, so they are to sign in.
    }),

  async 'replayed-callback'(stage) {
    const { visitor, person } = await atPlatform(stage, { provokes: true });
    await using _ = visitor;
    const { page } = visitor;
    const asked = page.waitForRequest((request) => request.url().startsWith(`${stage.app.url}/account?code=`));
    await visitor.open('/login');
    await seesHello(page, person);
    await page.goto((await asked).url());
    await seesAccount(page, person);
  },

  'two-tabs': (stage) => inTabs(stage, 2),

  'five-tabs': (stage) => inTabs(stage, 5),

  async ended(stage) {
    const { visitor, person } = await stage.longAgo(() => newcomer(stage, { provokes: true }));
    await using _ = visitor;
    for (const session_id of await activeSessions(stage, person.id))
      await stage.api('POST', '/user_management/sessions/revoke', { session_id });
    await visitor.open('/');
    await seesWelcome(visitor.page);
    await visitor.open('/account');
    await visitor.page.getByLabel('Email', { exact: true }).waitFor();
  },

  async organizations(stage) {
    const person = await stage.person();
    const [first, second] = [await join(stage, person.id, 'Acme'), await join(stage, person.id, 'Globex')];
    await using visitor = await stage.visit();
    const { page } = visitor;
    await visitor.open('/account');
    await enterCredentials(page, stage, person);
    await chooseOrganization(page, 'Acme');
    await fact(page, 'Organization').filter({ hasText: first }).waitFor();
    await visitor.open(`/account?organization_id=${second}`);
    await page.getByRole('button', { name: 'Switch organization', exact: true }).click();
    await fact(page, 'Organization').filter({ hasText: second }).waitFor();
    await page.reload();
    await fact(page, 'Organization').filter({ hasText: second }).waitFor();
  },

  async impersonation(stage) {
    const person = await stage.person();
    await using operator = await becomeOwner(stage);
    const { page } = operator;
    await page.goto(await askToImpersonate(stage, operator, person.id));
    await page.getByRole('button', { name: 'Continue', exact: true }).click();
    await seesHello(page, person);
    const banner = page.getByRole('status').filter({ hasText: `You are impersonating ${person.email}` });
    await banner.filter({ hasText: operator.email }).waitFor();
    await page.getByRole('link', { name: 'Account', exact: true }).click();
    await seesAccount(page, person);
    await banner.filter({ hasText: operator.email }).waitFor();
  },

  async 'sign-out'(stage) {
    // Until the browser has left, the SDK may ask once more for a renewal, without a token, and is refused.
    const { visitor, person } = await newcomer(stage, { provokes: true });
    await using _ = visitor;
    const { page, context } = visitor;
    const other = await context.newPage();
    await other.goto(`${stage.app.url}/account`);
    await seesAccount(other, person);
    await signOutButton(page).click();
    await page.waitForURL(`${stage.app.url}/`);
    await seesWelcome(page);
    assert.deepEqual(await activeSessions(stage, person.id), []);
    await other.reload();
    await other.getByLabel('Email', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Sign in', exact: true }).click();
    await page.getByLabel('Email', { exact: true }).waitFor();
  },
};

/** The session of before is the session of after: nobody was signed in again on the quiet, and no renewal was refused. */
async function inTabs(stage: Stage, count: number): Promise<void> {
  const { visitor, person } = await stage.longAgo(() => newcomer(stage));
  await using _ = visitor;
  const { context } = visitor;
  const began = await sessionsOf(stage, person.id);
  const renewals: number[] = [];
  const authorizations: string[] = [];
  context.on('response', (response) => {
    if (response.url().endsWith('/user_management/authenticate')) renewals.push(response.status());
  });
  context.on('request', (request) => {
    if (request.url().includes('/user_management/authorize')) authorizations.push(request.url());
  });
  const tabs = await Promise.all(Array.from({ length: count }, () => context.newPage()));
  for (const path of ['/account', '/account/settings']) {
    await Promise.all(tabs.map((page) => page.goto(stage.app.url + path)));
    await Promise.all(tabs.map((page) => seesAccount(page, person)));
    for (const page of tabs)
      await fact(page, 'Session')
        .filter({ hasText: began[0]?.id ?? 'none' })
        .waitFor();
  }
  assert.deepEqual(new Set(renewals), new Set([200]));
  assert.ok(renewals.length >= 2 * count, 'each load of each tab renews');
  assert.deepEqual(authorizations, []);
  assert.deepEqual(await sessionsOf(stage, person.id), began);
}

/** Every session there ever was, ended ones included. */
async function sessionsOf(stage: Stage, userId: string): Promise<readonly { id: string; status: string }[]> {
  type Answer = { data: { id: string; status: string }[] };
  const { data } = await stage.api<Answer>('GET', `/user_management/users/${userId}/sessions?limit=100`);
  assert.ok(data.length > 0);
  return data.map(({ id, status }) => ({ id, status }));
}

const example: Example = {
  name: 'react-spa',
  sdk: {
    package: '@workos-inc/authkit-react',
    previous: '0.15.0',
    previousWithout: {
      organizations: 'after a sign-in this version names no organization',
      impersonation: 'after a sign-in this version names no impersonator',
    },
  },
  environment: ({ PORT, WORKOS_API_KEY: _key, WORKOS_COOKIE_PASSWORD: _password, ...shown }) => ({
    PORT,
    ...Object.fromEntries(Object.entries(shown).map(([name, value]) => [`VITE_${name}`, value])),
  }),
  builtIn: ['CLIENT_ID', 'REDIRECT_URI', 'API_HOSTNAME', 'API_PORT', 'API_HTTPS'].map((name) => `VITE_WORKOS_${name}`),
  callback: '/account',
  sessionCookie: null,
  own,
  without: {
    'login-endpoint': noServer,
    reload: 'it has no API of its own',
    renewal: 'it keeps its access token in memory, and so each load of a page renews it',
    secrets: 'its SDK keeps the refresh token in the browser',
    outage: noServer,
    'one-organization': 'a browser cannot list memberships',
    latecomers: noServer,
    prefetch: 'it has no address that signs out',
    forgery: 'it has no address that signs out',
    'csrf-token': 'it has no address that signs out',
    'forged-switch': 'it has no address that switches',
    bodiless: 'it has no address that changes anything',
    hover: 'it has no address that signs out',
    'access-token': 'its pages are files, and its SDK keeps the access token in the browser',
    'forged-session': noCookie,
    'cookie-size': noCookie,
    'without-script': 'it is a script',
  },
};

describeExample(example, (stage) => {
  it('exchanges the code with PKCE and without a secret', async () => {
    const person = await stage().person();
    await using visitor = await stage().visit();
    const asked = visitor.page.waitForRequest(/\/user_management\/authorize\?/);
    const exchanged = visitor.page.waitForRequest(/\/user_management\/authenticate$/);
    await signIn(stage(), visitor, person);
    const { searchParams } = new URL((await asked).url());
    assert.equal(searchParams.get('code_challenge_method'), 'S256');
    assert.equal(searchParams.get('redirect_uri'), `${stage().app.url}/account`);
    const { code_verifier, ...body } = (await exchanged).postDataJSON();
    assert.ok(code_verifier.length >= 43);
    assert.deepEqual(Object.keys(body).sort(), ['client_id', 'code', 'grant_type']);
    assert.equal(visitor.page.url(), `${stage().app.url}/`, 'the code is gone from the address');
  });

  it('knows the person on every page and after a reload', async () => {
    const { visitor, person } = await newcomer(stage(), {}, { last_name: 'Lovelace' });
    await using _ = visitor;
    const { page } = visitor;
    await page.reload();
    await seesHello(page, person);
    await page.getByRole('link', { name: 'Account', exact: true }).click();
    await seesAccount(page, person);
    await fact(page, 'Session').filter({ hasText: 'session_' }).waitFor();
    assert.deepEqual(await facts(page), {
      Name: 'Ada Lovelace',
      Email: person.email,
      User: person.id,
      Session: (await activeSessions(stage(), person.id)).join(),
      Organization: 'None',
    });
  });

  it('renews an access token that has run out', async () => {
    const { visitor, person } = await stage().longAgo(() => newcomer(stage()));
    await using _ = visitor;
    const renewed = visitor.page.waitForResponse(/\/user_management\/authenticate$/);
    await visitor.open('/account');
    assert.equal((await renewed).status(), 200);
    await seesAccount(visitor.page, person);
  });

  it('holds nothing secret in its files', async () => {
    const { app, environment } = stage();
    const page = await (await fetch(app.url)).text();
    const script = await (await fetch(app.url + /src="(?<path>[^"]+\.js)"/.exec(page)?.groups?.path)).text();
    assert.ok(script.includes(environment.WORKOS_CLIENT_ID), 'this is the script that knows the platform');
    for (const secret of [environment.WORKOS_API_KEY, unquoted(environment.WORKOS_COOKIE_PASSWORD)])
      assert.ok(!page.includes(secret) && !script.includes(secret));
  });
});
