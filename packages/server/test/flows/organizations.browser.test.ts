/** Invitations and organizations as people meet them: the real pages in Chromium, with and without script. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, it } from 'node:test';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { systemTenant } from '../../src/core/index.ts';
import { updateApplication } from '../../src/environments/settings.ts';
import { launchBrowser, type TestBrowser } from '../browser.ts';
import { claimsOf, goodPassword, startServer, type TestServer } from '../harness.ts';
import { axe, axeFindings } from '../pages.ts';
import { makeInvitation, makeMemberOf, makeOrganization } from './organization-steps.ts';
import { byCode, byRefresh, changeSettings } from './steps.ts';

let server: TestServer;
let browser: TestBrowser;
/** It begins sign-ins at /login, and they come back to /callback. */
let app: Server;
let origin: string;

before(async () => {
  server = await startServer();
  app = createServer((request, response) => {
    if (request.url !== '/login') return response.setHeader('content-type', 'text/html').end('The app');
    return response.writeHead(302, { location: server.authorizeUrl({ redirect_uri: `${origin}/callback` }) }).end();
  });
  await new Promise<void>((resolve) => app.listen(0, 'localhost', resolve));
  origin = `http://localhost:${(app.address() as AddressInfo).port}`;
  await server.api('POST', '/user_management/redirect_uris', { uri: `${origin}/callback` });
  const tenant = systemTenant(server.environmentId);
  await updateApplication(server.running.services, tenant, { signInEndpoint: `${origin}/login` });
  await changeSettings(server, { offerPasskeys: false, signUpProofOfWork: false });
  browser = await launchBrowser();
});

after(async () => {
  await browser?.close();
  app?.closeAllConnections();
  app?.close();
  await server?.[Symbol.asyncDispose]();
});

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

/** The organization that the app learns of. */
async function arrived(page: Page): Promise<string | undefined> {
  await page.waitForURL(`${origin}/callback?*`);
  const { json } = await server.token(byCode(new URL(page.url()).searchParams.get('code') ?? ''));
  return json.organization_id;
}

async function typePassword(page: Page, email: string): Promise<void> {
  await page.goto(`${origin}/login`);
  await page.getByLabel('Email').fill(email);
  await press(page, 'Continue');
  await page.getByLabel('Password', { exact: true }).fill(goodPassword);
  await press(page, 'Sign in');
}

const profiles: Record<string, BrowserContextOptions> = {
  'with script': {},
  'without script': { javaScriptEnabled: false },
};

for (const [profile, options] of Object.entries(profiles)) {
  it(`an invitation leads from the mail through the app into the organization, ${profile}`, async () => {
    const email = `ada-${profile.replace(' ', '-')}@example.com`;
    const { id } = await makeOrganization(server, 'Acme');
    await makeInvitation(server, email, { organization_id: id });
    const link = /https?:\/\/\S+\/invite\?\S+/.exec((await server.mails(email))[0]?.text ?? '')?.[0] ?? '';
    const page = await browser.newPage(options);
    await page.goto(link);
    assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Join Acme');
    await press(page, 'Accept invitation');
    await page.waitForURL('**/sign-up?*');
    assert.equal(await page.getByLabel('Email').inputValue(), email);
    await page.getByLabel('Password', { exact: true }).fill(goodPassword);
    await press(page, 'Sign up');
    await page.waitForURL('**/verify-email?*');
    await page.getByLabel('Code').pressSequentially(await server.codeFor(email));
    if (options.javaScriptEnabled === false) await press(page, 'Continue');
    assert.equal(await arrived(page), id);
    await page.context().close();
  });

  it(`the waitlist leads by an operator’s yes, a mail and its link into the app, ${profile}`, async () => {
    const email = `waiting-${profile.replace(' ', '-')}@example.com`;
    await changeSettings(server, { signUp: 'waitlist' });
    const page = await browser.newPage(options);
    await page.goto(server.authorizeUrl({ redirect_uri: `${origin}/callback`, screen_hint: 'sign-up' }));
    await page.getByLabel('Email').fill(email);
    await press(page, 'Join the waitlist');
    await page.getByText(email).waitFor();
    const entries = `/user_management/waitlists/default/entries?email=${encodeURIComponent(email)}`;
    const [entry] = (await server.api('GET', entries)).json.data;
    await server.api('POST', `/user_management/waitlist_entries/${entry.id}/approve`);
    const link = /https?:\/\/\S+\/invite\?\S+/.exec((await server.mails(email))[0]?.text ?? '')?.[0] ?? '';
    await page.goto(link);
    await press(page, 'Accept invitation');
    await page.waitForURL('**/sign-up?*');
    assert.equal(await page.getByLabel('Email').inputValue(), email);
    await page.getByLabel('Password', { exact: true }).fill(goodPassword);
    await press(page, 'Sign up');
    await page.waitForURL('**/verify-email?*');
    await page.getByLabel('Code').pressSequentially(await server.codeFor(email));
    if (options.javaScriptEnabled === false) await press(page, 'Continue');
    await page.waitForURL(`${origin}/callback?*`);
    const { json } = await server.token(byCode(new URL(page.url()).searchParams.get('code') ?? ''));
    assert.equal(json.user.email, email);
    await changeSettings(server, { signUp: 'open' });
    await page.context().close();
  });

  it(`another organization is switched to by a refresh, and at the app’s next sign-in, ${profile}`, async () => {
    const { user, organizations } = await makeMemberOf(server, ['Acme', 'Globex']);
    const page = await browser.newPage(options);
    await typePassword(page, user.email);
    await press(page, 'Globex');
    await page.waitForURL(`${origin}/callback?*`);
    const { json } = await server.token(byCode(new URL(page.url()).searchParams.get('code') ?? ''));
    assert.equal(json.organization_id, organizations[1].id);
    const to = { organization_id: organizations[0].id };
    const switched = (await server.token(byRefresh(json.refresh_token, to))).json;
    assert.equal(claimsOf(switched.access_token).org_id, organizations[0].id);
    // The browser is signed in: no page is left to ask anything.
    await page.goto(server.authorizeUrl({ redirect_uri: `${origin}/callback`, ...to }));
    assert.equal(await arrived(page), organizations[0].id);
    await page.context().close();
  });

  it(`one of several organizations is chosen by a click, ${profile}`, async () => {
    const { user, organizations } = await makeMemberOf(server, ['Acme', 'Globex', 'Initech']);
    const page = await browser.newPage(options);
    await typePassword(page, user.email);
    await press(page, 'Globex');
    assert.equal(await arrived(page), organizations[1].id);
    await page.context().close();
  });
}

it('one of several organizations is chosen with the arrow keys', async () => {
  const { user, organizations } = await makeMemberOf(server, ['Acme', 'Globex', 'Initech']);
  const page = await browser.newPage();
  await typePassword(page, user.email);
  await page.waitForURL('**/organization?*');
  const focused = () => page.evaluate('document.activeElement.innerText');
  assert.match(String(await focused()), /Acme/, 'the first one has the focus');
  for (const [key, name] of [
    ['ArrowDown', 'Globex'],
    ['End', 'Initech'],
    ['ArrowDown', 'Initech'],
    ['ArrowUp', 'Globex'],
    ['Home', 'Acme'],
    ['End', 'Initech'],
  ] as const) {
    await page.keyboard.press(key);
    assert.match(String(await focused()), new RegExp(name), key);
  }
  await page.keyboard.press('Enter');
  assert.equal(await arrived(page), organizations[2].id);
});

it('the pages have no fault that axe finds, light and dark, in both reading directions', async () => {
  const { user, organizations } = await makeMemberOf(server, ['Acme', 'Globex']);
  const foreign = await makeOrganization(server, 'Initech');
  const { accept_invitation_url: link } = await makeInvitation(server, 'alan@example.com', {
    organization_id: organizations[0].id,
  });
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const locale of ['en-US', 'ar']) {
      const page = await browser.newPage({ bypassCSP: true, colorScheme, locale });
      await page.addInitScript(axe);
      const check = async () => assert.deepEqual(await axeFindings(page), [], `${page.url()} ${colorScheme} ${locale}`);
      await page.goto(link);
      await check();
      for (const organization_id of ['', foreign.id]) {
        await page.goto(server.authorizeUrl({ redirect_uri: `${origin}/callback`, organization_id, prompt: 'login' }));
        await page.locator('#email').fill(user.email);
        await page.locator('#email').press('Enter');
        await page.locator('#password').fill(goodPassword);
        await page.locator('#password').press('Enter');
        await page.waitForURL('**/organization?*');
        await check();
      }
      await page.context().close();
    }
  }
});
