/** The second step as people meet it: the real pages in Chromium, with and without script. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, it } from 'node:test';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser, type TestBrowser } from '../browser.ts';
import { goodPassword, startServer, type TestServer } from '../harness.ts';
import { axe, axeFindings } from '../pages.ts';
import { appOf } from './mfa-steps.ts';
import { byCode, changeSettings, makeUser } from './steps.ts';

let server: TestServer;
let browser: TestBrowser;
/** Where the browser comes back to. */
let app: Server;
let callbackUri: string;

before(async () => {
  server = await startServer();
  app = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('The app'));
  await new Promise<void>((resolve) => app.listen(0, 'localhost', resolve));
  callbackUri = `http://localhost:${(app.address() as AddressInfo).port}/callback`;
  await server.api('POST', '/user_management/redirect_uris', { uri: callbackUri });
  await changeSettings(server, { mfa: 'required', offerPasskeys: false });
  browser = await launchBrowser();
});

after(async () => {
  await browser?.close();
  app?.closeAllConnections();
  app?.close();
  await server?.[Symbol.asyncDispose]();
});

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

/** As far as the password takes somebody. */
async function typePassword(page: Page, email: string): Promise<void> {
  await page.goto(server.authorizeUrl({ redirect_uri: callbackUri }));
  await page.getByLabel('Email').fill(email);
  await press(page, 'Continue');
  await page.getByLabel('Password', { exact: true }).fill(goodPassword);
  await press(page, 'Sign in');
}

/** Whom the app learns of. */
async function arrived(page: Page): Promise<string> {
  await page.waitForURL(`${callbackUri}?*`);
  const { json } = await server.token(byCode(new URL(page.url()).searchParams.get('code') ?? ''));
  return json.user.id;
}

async function assertAccessible(page: Page): Promise<void> {
  assert.deepEqual(await axeFindings(page), [], page.url());
}

const profiles: Record<string, BrowserContextOptions & { readonly hasScript: boolean }> = {
  'with script': { hasScript: true, bypassCSP: true, permissions: ['clipboard-read', 'clipboard-write'] },
  'without script': { hasScript: false, javaScriptEnabled: false },
};

for (const [profile, { hasScript, ...options }] of Object.entries(profiles)) {
  it(`is set up, asked for and recovered from, ${profile}`, async () => {
    const { id, email } = await makeUser(server);
    const page = await browser.newPage(options);
    if (hasScript) await page.addInitScript(axe);
    const check = async () => void (hasScript && (await assertAccessible(page)));
    const type = async (code: string) => {
      await page.getByLabel('Code').pressSequentially(code);
      // With script the sixth digit sends the form.
      if (!hasScript) await press(page, 'Continue');
    };

    await typePassword(page, email);
    await page.getByRole('heading', { name: 'Set up two-step verification' }).waitFor();
    await page.getByRole('img', { name: 'Picture to scan with the authenticator app' }).waitFor();
    await check();
    const secret = (await page.locator('.seed code').innerText()).replaceAll(' ', '');
    assert.match((await page.getByRole('link', { name: 'Open an app' }).getAttribute('href')) ?? '', /^otpauth:/);
    if (hasScript) {
      await press(page, 'Copy');
      assert.equal(await page.evaluate('navigator.clipboard.readText()'), secret);
    }
    const authenticator = appOf(server, secret);
    await type(authenticator.wrong());
    await page.getByText('That code is not right').waitFor();
    assert.equal(await page.getByLabel('Code').inputValue(), '');
    await type(authenticator.code());

    await page.getByRole('heading', { name: 'Save your recovery codes' }).waitFor();
    await check();
    const codes = await page.getByRole('listitem').allInnerTexts();
    assert.equal(codes.length, 10);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download' }).click();
    const file = readFileSync(await (await download).path(), 'utf8');
    assert.equal(file, `Recovery codes for Your app\n\n${codes.join('\n')}\n`);
    await press(page, 'I have saved them');
    assert.equal(await arrived(page), id);

    server.clock.advance(60);
    const other = await browser.newPage(options);
    if (hasScript) await other.addInitScript(axe);
    await typePassword(other, email);
    await other.getByRole('heading', { name: 'Enter the code from your app' }).waitFor();
    await other.getByRole('link', { name: 'Lost your device?' }).click();
    await other.getByText('ten recovery codes').waitFor();
    if (hasScript) await assertAccessible(other);
    await other.getByRole('link', { name: 'Use a recovery code' }).click();
    await other.getByLabel('Recovery code').fill(codes[3] ?? '');
    await press(other, 'Continue');
    assert.equal(await arrived(other), id);

    const third = await browser.newPage(options);
    await typePassword(third, email);
    await third.getByLabel('Code').pressSequentially(authenticator.code());
    if (!hasScript) await press(third, 'Continue');
    assert.equal(await arrived(third), id);
    for (const each of [page, other, third]) await each.context().close();
  });
}

it('takes a code that is pasted with a space, and a phone’s autofill', async () => {
  const { id, email } = await makeUser(server);
  const page = await browser.newPage({ permissions: ['clipboard-read', 'clipboard-write'] });
  await typePassword(page, email);
  const secret = (await page.locator('.seed code').innerText()).replaceAll(' ', '');
  const code = appOf(server, secret).code();
  await page.evaluate(`navigator.clipboard.writeText('${code.slice(0, 3)} ${code.slice(3)}')`);
  await page.getByLabel('Code').focus();
  await page.keyboard.press('ControlOrMeta+V');
  await press(page, 'I have saved them');
  assert.equal(await arrived(page), id);
  await page.context().close();
});
