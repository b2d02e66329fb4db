/** What the dashboard's tests play on: the real server with the built dashboard, and an owner in a real browser. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser } from '../../../packages/server/test/browser.ts';
import { goodPassword, startServer, type TestServer } from '../../../packages/server/test/harness.ts';
import { axe, axeFindings, colourRules } from '../../../packages/server/test/pages.ts';
import { prepare } from '../../../scripts/bootstrap.mjs';

export const owner = { email: 'owner@example.com', password: goodPassword };

/** For anything a page should show. Far above what it takes on a busy machine: what is there by then is never waited for. */
const PATIENCE_MS = 60_000;
const LOOK_AGAIN_MS = 50;

export async function waitUntil(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`Not within ${PATIENCE_MS} ms: ${what}`);
    await new Promise((done) => setTimeout(done, LOOK_AGAIN_MS));
  }
}

export interface Stage extends AsyncDisposable {
  readonly server: TestServer;
  /** What pages complained about: errors, policy violations, and requests to anybody but the server. */
  readonly complaints: string[];
  /** A browser profile of its own, whose pages are listened to. */
  newContext(options?: BrowserContextOptions): Promise<BrowserContext>;
}

/** @param more - how the server differs from the usual one */
export async function openStage(more: Parameters<typeof startServer>[1] = {}): Promise<Stage> {
  await prepare();
  const server = await startServer('sqlite', { dashboardDir: join(import.meta.dirname, '..', 'dist'), ...more });
  const browser = await launchBrowser({ viewport: { width: 1440, height: 900 } });
  const complaints: string[] = [];
  return {
    server,
    complaints,
    async newContext(options) {
      const context = await browser.newContext(options);
      context.setDefaultTimeout(PATIENCE_MS);
      context.on('console', (line) => {
        if (line.type() === 'error' && !isRefusal(line.text())) complaints.push(line.text());
      });
      context.on('weberror', (error) => void complaints.push(String(error.error())));
      context.on('request', (request) => {
        const { origin, protocol } = new URL(request.url());
        const stays = origin === server.url || protocol === 'data:' || protocol === 'blob:';
        if (!stays) complaints.push(`A request went to ${request.url()}`);
      });
      return context;
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

const widths = [1440, 375];
/** The narrowest that nothing may reach beyond, and the last before tables are tables. */
const tightWidths = [320, 768];

/** Fails for what axe finds in the page as it stands: wide and narrow, in both directions, in the light and in the dark. */
export async function examine(page: Page): Promise<void> {
  await page.locator('main .skeleton').first().waitFor({ state: 'detached' });
  await page.evaluate(axe);
  for (const dir of ['ltr', 'rtl']) {
    await page.evaluate(`document.documentElement.dir = '${dir}'`);
    for (const width of widths) {
      await page.setViewportSize({ width, height: 800 });
      for (const [colorScheme, rules] of [['light'], ['dark', colourRules]] as const) {
        await page.emulateMedia({ colorScheme });
        assert.deepEqual(await axeFindings(page, rules), [], `${width} px, ${colorScheme}, ${dir}`);
      }
    }
    for (const width of tightWidths) {
      await page.setViewportSize({ width, height: 640 });
      const reach = await page.evaluate<number>('document.documentElement.scrollWidth');
      assert.ok(reach <= width, `${reach} px wide on a screen of ${width}, ${dir}`);
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.evaluate("document.documentElement.dir = 'ltr'");
}

/** Chromium reports every 4xx answer as an error; tests that provoke one look at what the page makes of it. */
const isRefusal = (line: string): boolean => /the server responded with a status of 4\d\d/.test(line);

/** Follows the set-up link of the first run to the end. Uses no API key, so that step of the set-up stays to be done. */
export async function becomeOwner(page: Page, { running, url }: TestServer): Promise<void> {
  await page.goto(running.dashboardUrl);
  await page.getByLabel('Email').fill(owner.email);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Password', { exact: true }).fill(owner.password);
  await page.getByRole('button', { name: 'Sign up' }).click();
  await page.getByLabel('Code').waitFor();
  const mailbox = await (await fetch(`${url}/dev/mailbox`)).text();
  // Typed, not filled: the page sends itself after the sixth digit that somebody enters.
  await page.getByLabel('Code').pressSequentially(/(\d{6}) is your/.exec(mailbox)?.[1] ?? '');
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
}

/** Enters the owner's password on the hosted pages, and their address where it is asked for. */
export async function signIn(page: Page): Promise<void> {
  await page.getByLabel('Email').fill(owner.email);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Password', { exact: true }).fill(owner.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}
