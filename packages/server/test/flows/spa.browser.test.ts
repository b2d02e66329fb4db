/** Single-page apps on the official browser SDKs, unmodified, in a real browser: tokens in the page, and kept by us. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { systemTenant } from '../../src/core/index.ts';
import { registerRedirect } from '../../src/environments/redirects.ts';
import { launchBrowser, type TestBrowser } from '../browser.ts';
import { claimsOf, goodPassword, startServer, type TestServer } from '../harness.ts';
import { type BuiltApps, buildApps, type ServedApp, serveApp } from '../spa/serve.ts';
import { asOperator, becomeOwner, changeSettings, makeUser } from './steps.ts';

let server: TestServer;
let browser: TestBrowser;
let apps: BuiltApps;

before(async () => {
  // One by one: what has started must be known to whoever ends it when the next does not.
  server = await startServer('sqlite');
  apps = await buildApps();
  browser = await launchBrowser();
});

after(async () => {
  await browser?.close();
  await apps?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

/** An app on an origin of its own that the environment knows. */
async function open(
  page: 'index.html' | 'react.html',
  options: Record<string, unknown>,
  { isListed = true } = {},
): Promise<ServedApp> {
  const app = await serveApp(apps, page, () => ({
    clientId: server.clientId,
    apiHostname: 'localhost',
    port: Number(new URL(server.url).port),
    https: false,
    ...options,
  }));
  await server.api('POST', '/user_management/redirect_uris', { uri: `${app.origin}/callback` });
  if (isListed) await server.api('POST', '/user_management/cors_origins', { origin: app.origin });
  const { services } = server.running;
  await registerRedirect(services, systemTenant(server.environmentId), 'sign_out_redirects', `${app.origin}/`);
  return app;
}

const state = async (page: Page, text: string) =>
  page.locator('#state', { hasText: text }).waitFor({ timeout: 10_000 });

async function signIn(page: Page, email: string): Promise<void> {
  await page.locator('#sign-in').click();
  await page.getByLabel('Email').fill(email);
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await page.getByLabel('Password', { exact: true }).fill(goodPassword);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

const refresh = (page: Page): Promise<string> => page.evaluate<string>('client.getAccessToken({ forceRefresh: true })');
const outcome = (page: Page): Promise<string> =>
  page.evaluate<string>(
    `client.getAccessToken({ forceRefresh: true }).then(() => 'refreshed', (error) => error.constructor.name)`,
  );
const storedTokens = (page: Page): Promise<number> =>
  page.evaluate<number>(`Object.keys(localStorage).filter((key) => key.startsWith('workos:refresh-token')).length`);
const cookiesOf = async (context: BrowserContext) =>
  Object.fromEntries((await context.cookies(server.url)).map((cookie) => [cookie.name, cookie]));
const sidOf = (token: string): string => claimsOf(token).sid;

describe('authkit-js with the token in the page (devMode)', () => {
  it('signs up, survives a reload, refreshes and signs out', async () => {
    await using app = await open('index.html', { devMode: true });
    await using context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(app.origin);
    await state(page, 'Signed out');
    await page.locator('#sign-up').click();
    await page.getByLabel('Email').fill('grace@example.com');
    await page.getByLabel('Password', { exact: true }).fill(goodPassword);
    await page.getByRole('button', { name: 'Sign up', exact: true }).click();
    await page.getByLabel('Code').waitFor();
    await page.getByLabel('Code').pressSequentially(await server.codeFor('grace@example.com'));
    await state(page, 'grace@example.com');
    assert.equal(await storedTokens(page), 1);
    assert.equal((await cookiesOf(context))[`authkit-refresh-${server.clientId}`], undefined);

    const before = await refresh(page);
    server.clock.advance(3600);
    await page.goto(app.origin);
    await state(page, 'grace@example.com');
    assert.equal(sidOf(await refresh(page)), sidOf(before));

    await page.locator('#sign-out').click();
    await page.waitForURL(`${app.origin}/`);
    await state(page, 'Signed out');
    assert.equal(await storedTokens(page), 0);
  });
});

describe('authkit-js with the token in a cookie of ours', () => {
  const openTabs = async (app: ServedApp, context: BrowserContext, email: string): Promise<Page[]> => {
    const first = await context.newPage();
    await first.goto(app.origin);
    await state(first, 'Signed out');
    await signIn(first, email);
    await state(first, email);
    const others = await Promise.all(Array.from({ length: 4 }, () => context.newPage()));
    await Promise.all(others.map((page) => page.goto(app.origin)));
    await Promise.all(others.map((page) => state(page, email)));
    return [first, ...others];
  };

  it('is signed in after a reload by a cookie that no script can read', async () => {
    await using app = await open('index.html', { devMode: false });
    await using context = await browser.newContext();
    const { email } = await makeUser(server);
    const page = await context.newPage();
    await page.goto(app.origin);
    await state(page, 'Signed out');
    await signIn(page, email);
    await state(page, email);
    assert.equal(await storedTokens(page), 0);
    const cookies = await cookiesOf(context);
    const token = cookies[`authkit-refresh-${server.clientId}`];
    assert.equal(token?.httpOnly, true);
    assert.equal(cookies['workos-has-session']?.httpOnly, false);
    assert.equal(cookies['workos-has-session']?.value, server.clientId);
    const visible = await page.evaluate<string>('document.cookie');
    assert.ok(visible.includes('workos-has-session') && !visible.includes('authkit-refresh'), visible);
    server.clock.advance(3600);
    await page.goto(app.origin);
    await state(page, email);
    assert.notEqual((await cookiesOf(context))[`authkit-refresh-${server.clientId}`]?.value, token?.value);
  });

  it('keeps five tabs signed in that refresh at once, again and again', async () => {
    await using app = await open('index.html', { devMode: false });
    await using context = await browser.newContext();
    const { email, id } = await makeUser(server);
    const tabs = await openTabs(app, context, email);
    const sids = new Set<string>();
    for (let round = 0; round < 4; round++) {
      for (const token of await Promise.all(tabs.map(refresh))) sids.add(sidOf(token));
      server.clock.advance(90);
    }
    assert.equal(sids.size, 1);
    // Without the SDK's lock, as five apps would on one page: whoever is second gets what the first one got.
    const body = JSON.stringify({ client_id: server.clientId, grant_type: 'refresh_token' });
    const statuses = await tabs[0]?.evaluate<number[]>(`Promise.all(Array.from({ length: 5 }, () =>
      fetch('${server.url}/user_management/authenticate', {
        method: 'POST', credentials: 'include', headers: { 'content-type': 'application/json' }, body: '${body}',
      }).then(({ status }) => status)))`);
    assert.deepEqual(statuses, [200, 200, 200, 200, 200]);
    server.clock.advance(90);
    assert.deepEqual(await Promise.all(tabs.map(outcome)), Array(5).fill('refreshed'));
    const { data } = (await server.api('GET', `/user_management/users/${id}/sessions`)).json;
    assert.deepEqual(
      data.map(({ status }: { status: string }) => status),
      ['active'],
    );
  });

  it('refreshes by itself in every tab before the token runs out', async () => {
    await using app = await open('index.html', { devMode: false, refreshBufferInterval: 298 });
    await using context = await browser.newContext();
    const { email } = await makeUser(server);
    const tabs = await openTabs(app, context, email);
    const answers: number[] = [];
    context.on('response', (response) => {
      if (response.url().endsWith('/user_management/authenticate')) answers.push(response.status());
    });
    while (answers.length < 10) await tabs[0]?.waitForTimeout(250);
    assert.deepEqual([...new Set(answers)], [200]);
    for (const tab of tabs) await state(tab, email);
  });

  it('signs out in one tab, and the others notice at their next refresh', async () => {
    await using app = await open('index.html', { devMode: false });
    await using context = await browser.newContext();
    const { email } = await makeUser(server);
    const [first, ...others] = await openTabs(app, context, email);
    await first?.locator('#sign-out').click();
    await first?.waitForURL(`${app.origin}/`);
    if (first) await state(first, 'Signed out');
    assert.deepEqual(await Promise.all(others.map(outcome)), Array(4).fill('LoginRequiredError'));
    for (const tab of others) await state(tab, 'Signed out');
    const cookies = await cookiesOf(context);
    assert.equal(cookies['workos-has-session'], undefined);
    assert.equal(cookies[`authkit-refresh-${server.clientId}`], undefined);
  });

  it('signs out without leaving the page', async () => {
    await using app = await open('index.html', { devMode: false });
    await using context = await browser.newContext();
    const { email, id } = await makeUser(server);
    const page = await context.newPage();
    await page.goto(app.origin);
    await state(page, 'Signed out');
    await signIn(page, email);
    await state(page, email);
    await page.evaluate('client.signOut({ navigate: false })');
    assert.equal((await cookiesOf(context))['workos-has-session'], undefined);
    const [session] = (await server.api('GET', `/user_management/users/${id}/sessions`)).json.data;
    assert.equal(session.status, 'revoked');
    await page.goto(app.origin);
    await state(page, 'Signed out');
  });

  it('gives an origin that is not listed nothing', async () => {
    await using app = await open('index.html', { devMode: false }, { isListed: false });
    await using context = await browser.newContext();
    const { email } = await makeUser(server);
    const page = await context.newPage();
    await page.goto(app.origin);
    await state(page, 'Signed out');
    await signIn(page, email);
    await state(page, 'Signed out');
    const cookies = await cookiesOf(context);
    assert.deepEqual(
      Object.keys(cookies).filter((name) => name.startsWith('authkit-refresh') || name.startsWith('workos')),
      [],
    );
  });
});

describe('authkit-react', () => {
  it('shows who is signed in, after a reload too, until they sign out', async () => {
    await using app = await open('react.html', { devMode: false });
    await using context = await browser.newContext();
    const { email } = await makeUser(server);
    const page = await context.newPage();
    await page.goto(app.origin);
    await state(page, 'Signed out');
    await signIn(page, email);
    await state(page, email);
    assert.equal(await page.locator('#impersonator').innerText(), 'Nobody');
    await page.goto(app.origin);
    await state(page, email);
    await page.locator('#sign-out').click();
    await page.waitForURL(`${app.origin}/`);
    await state(page, 'Signed out');
  });

  it('shows an operator whom they act as and why, until they stop', async () => {
    await using app = await open('react.html', { devMode: false });
    await using context = await browser.newContext();
    const owner = await becomeOwner(server);
    await changeSettings(server, { impersonation: true });
    const body = { sign_in_endpoint: `${app.origin}/login` };
    assert.equal((await asOperator(server, owner, 'PATCH', '/dashboard/api/application', { body })).status, 200);
    await context.addCookies([...owner.cookies].map(([name, value]) => ({ name, value, url: server.url })));
    const { email, id } = await makeUser(server);
    const asked = await context.request.post(`${server.url}/dashboard/api/users/${id}/impersonation`, {
      headers: { origin: server.url, 'x-authkit-environment': server.environmentId },
      data: { reason: 'Ticket 4711' },
    });
    const page = await context.newPage();
    await page.goto((await asked.json()).url);
    await page.getByText('Ticket 4711').waitFor();
    await page.getByRole('button', { name: 'Continue', exact: true }).click();
    await state(page, email);
    assert.equal(await page.locator('#impersonator').innerText(), 'owner@example.com: Ticket 4711');
    assert.equal(await page.locator('#method').innerText(), 'Impersonation');
    // After a reload too: the session is kept like any other.
    await page.goto(app.origin);
    await state(page, email);
    await page.locator('#sign-out').click();
    await page.waitForURL(`${app.origin}/`);
    await state(page, 'Signed out');
  });

  it('moves to another organization', async () => {
    await using app = await open('react.html', { devMode: false });
    await using context = await browser.newContext();
    const { email, id } = await makeUser(server);
    const page = await context.newPage();
    await page.goto(app.origin);
    await state(page, 'Signed out');
    await signIn(page, email);
    await state(page, email);
    await page.locator('#organization', { hasText: 'No organization' }).waitFor();
    const { json: organization } = await server.api('POST', '/organizations', { name: 'Acme' });
    const membership = { user_id: id, organization_id: organization.id };
    assert.equal((await server.api('POST', '/user_management/organization_memberships', membership)).status, 201);
    await page.evaluate(`switchToOrganization('${organization.id}')`);
    await page.locator('#organization', { hasText: organization.id }).waitFor();
    await page.goto(app.origin);
    await page.locator('#organization', { hasText: organization.id }).waitFor();
  });
});
