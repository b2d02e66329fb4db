/**
 * The doors that have no browser test of their own elsewhere, as people meet them: codes by mail, a forgotten password,
 * the waitlist, a device, the account page. In Chromium, with script and without.
 */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { launchBrowser, type TestBrowser } from '../browser.ts';
import { goodPassword, startServer, type TestServer } from '../harness.ts';
import { byCode, changeSettings, makeUser } from './steps.ts';

const newPassword = 'an entirely different phrase';

let server: TestServer;
let browser: TestBrowser;
/** The app that people come back to. */
let app: Server;
let callback: string;

before(async () => {
  server = await startServer();
  app = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('The app'));
  await new Promise<void>((resolve) => app.listen(0, 'localhost', resolve));
  callback = `http://localhost:${(app.address() as AddressInfo).port}/callback`;
  await server.api('POST', '/user_management/redirect_uris', { uri: callback });
  await changeSettings(server, { offerPasskeys: false });
  browser = await launchBrowser();
});

after(async () => {
  await browser?.close();
  app?.closeAllConnections();
  app?.close();
  await server?.[Symbol.asyncDispose]();
});

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });

/** Who the app learns has signed in. */
async function arrived(page: Page): Promise<{ email: string; method: string }> {
  await page.waitForURL(`${callback}?*`);
  const { json } = await server.token(byCode(new URL(page.url()).searchParams.get('code') ?? ''));
  return { email: json.user?.email, method: json.authentication_method };
}

const toApp = (page: Page, more: Record<string, string> = {}) =>
  page.goto(server.authorizeUrl({ redirect_uri: callback, ...more }));

/** A page with a script sends itself after the sixth digit; one without waits for the button. */
async function typeCode(page: Page, code: string, hasScript: boolean): Promise<void> {
  await field(page, 'Code').pressSequentially(code);
  if (!hasScript) await press(page, 'Continue');
}

for (const hasScript of [true, false]) {
  describe(hasScript ? 'with script' : 'without script', () => {
    const open = () => browser.newPage({ javaScriptEnabled: hasScript });

    it('a code by mail signs in', async () => {
      const { email } = await makeUser(server);
      const page = await open();
      await toApp(page);
      await field(page, 'Email').fill(email);
      await press(page, 'Continue');
      await press(page, 'Email me a code');
      await field(page, 'Code').waitFor();
      await typeCode(page, await server.codeFor(email), hasScript);
      assert.deepEqual(await arrived(page), { email, method: 'MagicAuth' });
    });

    it('a forgotten password is set anew from the mail, and signs in', async () => {
      const { email } = await makeUser(server);
      const page = await open();
      await toApp(page);
      await field(page, 'Email').fill(email);
      await press(page, 'Continue');
      await page.getByRole('link', { name: 'Forgot password?' }).click();
      if (await field(page, 'Email').isEditable()) await field(page, 'Email').fill(email);
      await press(page, 'Send link');
      await page.getByText('is on its way').waitFor();
      const [mail] = await server.mails(email);
      const [url] = /http\S+\/reset-password\S+/.exec(mail?.text ?? '') ?? assert.fail(mail?.text);
      await page.goto(url);
      await field(page, 'Password').fill(newPassword);
      await press(page, 'Save password');
      assert.equal((await arrived(page)).email, email);
      const { status } = await server.token({ grant_type: 'password', email, password: newPassword });
      assert.equal(status, 200);
    });

    it('the waitlist takes an address, and an operator’s yes mails an invitation', async () => {
      await changeSettings(server, { signUp: 'waitlist' });
      const email = `waiting-${hasScript}@example.com`;
      const page = await open();
      await toApp(page, { screen_hint: 'sign-up' });
      await field(page, 'Email').fill(email);
      await press(page, 'Join the waitlist');
      await page.getByRole('heading', { name: 'Thank you' }).waitFor();
      await changeSettings(server, { signUp: 'open' });
      assert.match((await server.mails(email))[0]?.subject ?? '', /waitlist/);
    });

    it('a device is approved', async () => {
      const { email } = await makeUser(server);
      const { json: device } = await server.api('POST', '/user_management/authorize/device', {
        client_id: server.clientId,
      });
      const page = await open();
      await page.goto(`${server.url}/device`);
      await field(page, 'Code').fill(device.user_code);
      await press(page, 'Continue');
      await field(page, 'Email').fill(email);
      await press(page, 'Continue');
      await field(page, 'Password').fill(goodPassword);
      await press(page, 'Sign in');
      await press(page, 'Approve');
      await page.getByText('The device is signed in').first().waitFor();
      const { status } = await server.token({
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        device_code: device.device_code,
      });
      assert.equal(status, 200);
    });

    it('the account page changes a name, a password and an address', async () => {
      const { email, id } = await makeUser(server);
      const page = await open();
      await page.goto(`${server.url}/account`);
      await field(page, 'Email').fill(email);
      await press(page, 'Continue');
      await field(page, 'Password').fill(goodPassword);
      await press(page, 'Sign in');
      await page.getByRole('link', { name: 'Edit' }).click();
      await field(page, 'First name').fill('Grace');
      await press(page, 'Save');
      await page.getByText('Saved.').waitFor();
      await page.getByRole('link', { name: 'Change password' }).click();
      await field(page, 'Password').fill(newPassword);
      await press(page, 'Save');
      await page.getByText('Your password was changed').waitFor();
      await page.getByRole('link', { name: 'Change email' }).click();
      const address = `moved-${hasScript}@example.com`;
      await field(page, 'Email').fill(address);
      await press(page, 'Continue');
      await field(page, 'Code').waitFor();
      await typeCode(page, await server.codeFor(address), hasScript);
      await page.getByText('Your email was changed').waitFor();
      const { json: user } = await server.api('GET', `/user_management/users/${id}`);
      assert.deepEqual([user.email, user.first_name], [address, 'Grace']);
    });
  });
}
