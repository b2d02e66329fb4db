/** The documents as people read them: the real pages in Chromium, with and without script, wide and narrow, light and dark. */
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser, type TestBrowser } from '../browser.ts';
import { startServer, type TestServer } from '../harness.ts';
import { axe, axeFindings } from '../pages.ts';
import { becomeOwner } from './steps.ts';

let server: TestServer;
let browser: TestBrowser;

before(async () => {
  server = await startServer();
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
});

const phone = { viewport: { width: 320, height: 640 } };
const keysPage = '/docs/concepts/environments-and-keys';

async function open(path: string, options?: BrowserContextOptions): Promise<Page> {
  const page = await browser.newPage(options);
  await page.goto(server.url + path);
  return page;
}

const titleOf = (page: Page): Promise<string> => page.getByRole('heading', { level: 1 }).innerText();

for (const [profile, options] of Object.entries({
  'with script': {},
  'without script': { javaScriptEnabled: false },
})) {
  it(`is searched and walked ${profile}`, async () => {
    const page = await open('/docs', options);
    await page.getByRole('searchbox', { name: 'Search the docs' }).fill('cookie too large');
    await page.getByRole('searchbox').press('Enter');
    const results = page.getByRole('main').getByRole('listitem');
    assert.ok((await results.count()) > 2);
    await results.first().getByRole('link').click();
    assert.match(page.url(), /\/docs\/concepts\/sessions-and-cookies#the-cookie-is-too-large$/);
    assert.equal(await titleOf(page), 'Sessions and cookies');
    const onThisPage = page.getByRole('navigation', { name: 'On this page' });
    await onThisPage.getByRole('link', { name: 'The cookie password' }).click();
    assert.match(page.url(), /#the-cookie-password$/);
    await page.getByRole('navigation', { name: 'Previous and next page' }).getByRole('link', { name: /^Next/ }).click();
    await page.getByRole('heading', { level: 1, name: 'Redirect URIs' }).waitFor();
    await page.getByRole('navigation', { name: 'Pages', exact: true }).getByRole('link', { name: 'Errors' }).click();
    await page.getByRole('heading', { level: 1, name: 'Errors' }).waitFor();
  });

  it(`has its list of pages behind a button on a phone, ${profile}`, async () => {
    const page = await open('/docs/errors', { ...options, ...phone });
    const pages = page.getByRole('navigation', { name: 'Pages', exact: true });
    assert.equal(await pages.isVisible(), false);
    await page.getByRole('button', { name: 'Menu' }).click();
    assert.equal(await pages.isVisible(), true);
    await page.keyboard.press('Escape');
    assert.equal(await pages.isVisible(), false);
    await page.getByRole('button', { name: 'Menu' }).click();
    await pages.getByRole('link', { name: 'CORS' }).click();
    await page.getByRole('heading', { level: 1, name: 'CORS' }).waitFor();
  });
}

it('copies the code of a block, and says so', async () => {
  const context = await browser.newContext();
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
  const page = await context.newPage();
  await page.goto(server.url + keysPage);
  const block = page.getByRole('figure').filter({ hasText: 'WORKOS_API_KEY' });
  await block.getByRole('button', { name: 'Copy' }).click();
  await page.getByRole('status').filter({ hasText: 'Copied.' }).waitFor();
  const copied = await page.evaluate<string>('navigator.clipboard.readText()');
  assert.match(copied, /^WORKOS_API_KEY='sk_test_…'\nWORKOS_CLIENT_ID='client_…'\n/);
  await context.close();
});

it('takes "/" for the search, and leaves it alone where somebody writes', async () => {
  const page = await open('/docs/errors');
  const search = page.getByRole('searchbox');
  await page.keyboard.press('/');
  await page.keyboard.type('a/b');
  assert.equal(await search.inputValue(), 'a/b');
});

let owner: Awaited<ReturnType<typeof becomeOwner>> | undefined;

/** Of the person who set this installation up, which works once. */
async function ownersCookies(): Promise<{ name: string; value: string; url: string }[]> {
  owner ??= await becomeOwner(server);
  return [...owner.cookies].map(([name, value]) => ({ name, value, url: server.url }));
}

it('carries the operator’s client id and masked key in this browser, and placeholders in another', async () => {
  const context = await browser.newContext();
  await context.addCookies(await ownersCookies());
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
  const page = await context.newPage();
  await page.goto(server.url + keysPage);
  await page.getByRole('note').filter({ hasText: 'carries the client id of your environment Staging' }).waitFor();
  const block = page.getByRole('figure').filter({ hasText: 'WORKOS_API_KEY' });
  await block.getByRole('button', { name: 'Copy' }).click();
  await page.getByRole('status').filter({ hasText: 'Copied.' }).waitFor();
  const copied = await page.evaluate<string>('navigator.clipboard.readText()');
  assert.ok(copied.includes(`WORKOS_CLIENT_ID='${server.clientId}'`));
  assert.ok(copied.includes(`WORKOS_API_KEY='sk_test_…${server.apiKey.slice(-4)}'`));
  await context.close();

  const other = await open(keysPage);
  assert.equal(await other.getByRole('note').count(), 0);
  assert.ok(!(await other.content()).includes(server.clientId));
});

const looked = [
  '/docs',
  '/docs/own-pages',
  '/docs/redirect-uris',
  '/docs/errors',
  '/docs/search?q=wildcard',
  '/docs/nothing',
];

for (const colorScheme of ['light', 'dark'] as const) {
  it(`is accessible, ${colorScheme}`, async () => {
    const context = await browser.newContext({ colorScheme, bypassCSP: true });
    await context.addCookies(await ownersCookies());
    const page = await context.newPage();
    for (const size of [{ width: 1440, height: 900 }, phone.viewport]) {
      await page.setViewportSize(size);
      for (const path of [...looked, keysPage]) {
        await page.goto(server.url + path);
        await page.evaluate(axe);
        assert.deepEqual(await axeFindings(page), [], `${path} at ${size.width}`);
        const width = await page.evaluate<number>('document.documentElement.scrollWidth');
        assert.ok(width <= size.width, `${path} scrolls sideways at ${size.width}: ${width}`);
      }
    }
    await context.close();
  });
}

it('is walked with the keyboard: past the frame to the content', async () => {
  const page = await open('/docs/errors');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate('document.activeElement.textContent'), 'Skip to the content');
  await page.keyboard.press('Enter');
  await page.waitForURL(/#main$/);
});
