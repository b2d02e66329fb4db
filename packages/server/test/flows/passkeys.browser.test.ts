/** Passkeys as people meet them: the real pages in Chromium, with its virtual authenticator in place of a fingerprint. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import { addAuthenticator } from '@authkit/testing';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { systemTenant } from '../../src/core/index.ts';
import { removeOwnPasskey } from '../../src/passkeys/index.ts';
import { launchBrowser, type TestBrowser } from '../browser.ts';
import { goodPassword, startServer, type TestServer } from '../harness.ts';
import { byCode, changeSettings, eventsNamed, makeUser, otherEnvironment } from './steps.ts';

let server: TestServer;
let browser: TestBrowser;
/** Where the browser comes back to. */
let app: Server;
let callbackUri: string;
/** What the pages complained about in their consoles. */
const complaints: string[] = [];

before(async () => {
  server = await startServer();
  app = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('The app'));
  await new Promise<void>((resolve) => app.listen(0, 'localhost', resolve));
  callbackUri = `http://localhost:${(app.address() as AddressInfo).port}/callback`;
  await server.api('POST', '/user_management/redirect_uris', { uri: callbackUri });
  browser = await launchBrowser();
});

after(async () => {
  await browser?.close();
  app?.closeAllConnections();
  app?.close();
  await server?.[Symbol.asyncDispose]();
});

afterEach(() => assert.deepEqual(complaints.splice(0), []));

/** For anything a page should do by itself. Far above what it takes: many browsers may share the machine. */
const patienceMs = 20_000;

/** How long nothing happens where nothing should. */
const quietMs = 700;

interface Visitor {
  readonly page: Page;
  /** Presses the authenticator's button as soon as it is asked, or not at all. */
  present(isThere: boolean): Promise<void>;
  /** How many passkeys the authenticator keeps. */
  kept(): Promise<number>;
  open(parameters?: Record<string, string>): Promise<void>;
  press(name: string): Promise<void>;
  /** Through e-mail and password, from the first page. */
  typePassword(email: string): Promise<void>;
  /** The user the app learns of. */
  arrived(): Promise<{ id: string; method: string }>;
}

/** A browser profile of its own. */
async function visitor({
  hasAuthenticator = true,
  ...options
}: BrowserContextOptions & { hasAuthenticator?: boolean } = {}): Promise<Visitor> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(patienceMs);
  const page = await context.newPage();
  page.on('console', (line) => {
    // Chromium reports every 4xx answer as an error; tests that provoke one look at what the page makes of it.
    if (line.type() === 'error' && !/status of 4\d\d/.test(line.text())) complaints.push(line.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  // Without one, it must be this machine's that are not there.
  if (!hasAuthenticator) await (await context.newCDPSession(page)).send('WebAuthn.enable');
  const authenticator = hasAuthenticator ? await addAuthenticator(page) : null;
  const held = () => authenticator ?? assert.fail('no authenticator');
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  return {
    page,
    press,
    present: (enabled) => held().present(enabled),
    kept: () => held().count(),
    open: async (parameters) => {
      await page.goto(server.authorizeUrl({ redirect_uri: callbackUri, ...parameters }));
    },
    async typePassword(email) {
      await page.goto(server.authorizeUrl({ redirect_uri: callbackUri }));
      await page.getByLabel('Email').fill(email);
      await press('Continue');
      await page.getByLabel('Password', { exact: true }).fill(goodPassword);
      await press('Sign in');
    },
    async arrived() {
      await page.waitForURL(`${callbackUri}?*`);
      const code = new URL(page.url()).searchParams.get('code') ?? '';
      const { json, text } = await server.token(byCode(code));
      assert.ok(json.user, text);
      return { id: json.user.id, method: json.authentication_method };
    },
  };
}

const offer = (page: Page) => page.getByRole('heading', { name: 'Sign in faster next time' });

/** Somebody who made a passkey when it was offered, back at a first page that waits for a button to be pressed. */
async function enrolled(): Promise<Visitor & { readonly user: { id: string; email: string } }> {
  const user = await makeUser(server);
  const there = await visitor();
  await there.typePassword(user.email);
  await there.press('Create a passkey');
  assert.deepEqual(await there.arrived(), { id: user.id, method: 'Password' });
  assert.equal(await there.kept(), 1);
  await there.page.context().clearCookies();
  return { ...there, user };
}

describe('a passkey in a browser', () => {
  it('is made after a password, and answers from the e-mail field’s list by itself (UI 20)', async () => {
    const { open, arrived, user } = await enrolled();
    await open();
    assert.deepEqual(await arrived(), { id: user.id, method: 'Passkey' });
  });

  it('is used with the button, from the first page', async () => {
    const { page, open, press, present, arrived, user } = await enrolled();
    await present(false);
    await open();
    await page.waitForTimeout(quietMs);
    assert.equal(await page.getByRole('button', { name: 'Continue', exact: true }).count(), 1);
    await present(true);
    await press('Use a passkey');
    assert.deepEqual(await arrived(), { id: user.id, method: 'Passkey' });
  });

  it('is used with the button, from the page that asks for a password', async () => {
    const { page, open, press, present, arrived, user } = await enrolled();
    await present(false);
    await open();
    await page.getByLabel('Email').fill('somebody.else@example.com');
    await press('Continue');
    await page.getByLabel('Password', { exact: true }).waitFor();
    await present(true);
    await press('Use a passkey');
    assert.deepEqual(await arrived(), { id: user.id, method: 'Passkey' });
  });

  it('is added on the account page, and signs in', async () => {
    const user = await makeUser(server);
    const { page, press, open, arrived } = await visitor();
    await page.goto(`${server.url}/account/passkeys/add`);
    await page.getByLabel('Email').fill(user.email);
    await press('Continue');
    await page.getByLabel('Password', { exact: true }).fill(goodPassword);
    await press('Sign in');
    await press('Create a passkey');
    await page
      .getByText('You can sign in with the new passkey')
      .or(page.getByText(/passkey.*(added|ready)/i))
      .first()
      .waitFor();
    await page.context().clearCookies();
    await open();
    assert.deepEqual(await arrived(), { id: user.id, method: 'Passkey' });
  });

  it('counts as both factors', async () => {
    const { open, arrived, user } = await enrolled();
    await changeSettings(server, { mfa: 'required' });
    await open();
    assert.deepEqual(await arrived(), { id: user.id, method: 'Passkey' });
    await changeSettings(server, { mfa: 'optional' });
  });

  it('says so in one sentence when it was deleted, and leaves the other ways', async () => {
    const { page, open, typePassword, present, user } = await enrolled();
    const { services } = server.running;
    const [made] = (await eventsNamed(server, 'passkey.created')).filter(({ user_id }) => user_id === user.id);
    const mine = { userId: user.id, authenticatedAt: services.now() };
    await services.db.transaction((tx) =>
      removeOwnPasskey(services, systemTenant(server.environmentId), tx, mine, String(made?.id)),
    );
    await open();
    await page.getByRole('alert').getByText('That passkey does not work here').waitFor();
    await present(false);
    await typePassword(user.email);
    // The authenticator still has the one we deleted; the offer is made all the same.
    await offer(page).waitFor();
  });

  it('of one environment is refused in another on the same host', async () => {
    const { page, open } = await enrolled();
    const { clientId } = await otherEnvironment(server, { redirectUris: [{ uri: callbackUri, isDefault: true }] });
    await open({ client_id: clientId });
    await page.getByRole('alert').getByText('That passkey does not work here').waitFor();
    assert.equal(await page.getByLabel('Email').count(), 1);
  });

  it('does not come back when the browser’s window is closed: no message, and the next try works', async () => {
    const { page, open, press, present, arrived, user } = await enrolled();
    await present(false);
    await open();
    // Whoever closes the window, or whose browser does: the same error to the script.
    await page.evaluate(`
      window.answered = 0;
      const get = navigator.credentials.get.bind(navigator.credentials);
      navigator.credentials.get = (options) => {
        if (options.mediation || window.answered++ > 0) return get(options);
        return Promise.reject(new DOMException('closed', 'NotAllowedError'));
      };`);
    await press('Use a passkey');
    // The policy of the page admits no eval, which waitForFunction would need.
    while ((await page.evaluate<number>('window.answered')) === 0) await page.waitForTimeout(50);
    await page.waitForTimeout(quietMs);
    assert.equal(await page.getByRole('alert').filter({ visible: true }).count(), 0);
    await present(true);
    await press('Use a passkey');
    assert.deepEqual(await arrived(), { id: user.id, method: 'Passkey' });
  });

  it('asks one question at a time, and none that nobody waits for', async () => {
    const { page, open, press, present, arrived } = await enrolled();
    await present(false);
    let most = 0;
    await page.exposeFunction('noteQuestions', (pending: number) => {
      most = Math.max(most, pending);
    });
    await page.addInitScript(`
      let pending = 0;
      const get = navigator.credentials.get.bind(navigator.credentials);
      navigator.credentials.get = (options) => {
        noteQuestions(++pending);
        return get(options).finally(() => { pending -= 1; });
      };`);
    await open();
    await page.waitForTimeout(quietMs);
    assert.equal(most, 1);
    await present(true);
    await press('Use a passkey');
    await arrived();
    assert.equal(most, 1);
  });
});

describe('the offer in a browser', () => {
  it('takes "Not now" for two weeks', async () => {
    const { email, id } = await makeUser(server);
    const { page, typePassword, press, arrived, kept } = await visitor();
    await typePassword(email);
    await press('Not now');
    assert.equal((await arrived()).id, id);
    await page.context().clearCookies();
    await typePassword(email);
    assert.equal((await arrived()).id, id);
    assert.equal(await kept(), 0);
    server.clock.advance(14 * 24 * 3600);
    await page.context().clearCookies();
    await typePassword(email);
    await offer(page).waitFor();
  });

  it('takes "Never ask again" for good', async () => {
    const { email, id } = await makeUser(server);
    const { page, typePassword, press, arrived } = await visitor();
    await typePassword(email);
    await press('Never ask again');
    assert.equal((await arrived()).id, id);
    server.clock.advance(60 * 24 * 3600);
    await page.context().clearCookies();
    await typePassword(email);
    assert.equal((await arrived()).id, id);
  });

  it('is made after a sign-up', async () => {
    const email = 'new@example.com';
    const { page, open, press, arrived } = await visitor();
    await open({ screen_hint: 'sign-up' });
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(goodPassword);
    await press('Sign up');
    await page.getByLabel('Code').waitFor();
    await page.getByLabel('Code').pressSequentially(await server.codeFor(email));
    await press('Create a passkey');
    assert.equal((await arrived()).method, 'Password');
  });

  it('is not made where the device can keep none', async () => {
    const { email, id } = await makeUser(server);
    const { typePassword, arrived } = await visitor({ hasAuthenticator: false });
    await typePassword(email);
    assert.equal((await arrived()).id, id);
  });

  it('is not made without script, and the pages say what passkeys need', async () => {
    const { email, id } = await makeUser(server);
    const { page, open, typePassword, arrived } = await visitor({ javaScriptEnabled: false });
    await open();
    // Texts are not looked for inside noscript.
    assert.equal(await page.locator('noscript p').innerText(), 'Passkeys need JavaScript.');
    assert.equal(await page.getByRole('button', { name: 'Use a passkey' }).count(), 0);
    await typePassword(email);
    assert.equal((await arrived()).id, id);
  });
});
