import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { socialProviders } from '../../src/protocol/index.ts';
import { descriptionOf } from '../../src/social/index.ts';
import { launchBrowser, type TestBrowser } from '../browser.ts';
import { startServer, type TestServer } from '../harness.ts';
import { enable } from '../providers.ts';
import { byCode } from './steps.ts';

describe('the buttons of the providers, in a browser', () => {
  let server: TestServer;
  let chromium: TestBrowser;
  let app: Server;
  let appUrl: string;

  before(async () => {
    server = await startServer();
    app = createServer((_request, response) => response.end('the app')).listen(0, 'localhost');
    await once(app, 'listening');
    appUrl = `http://localhost:${(app.address() as AddressInfo).port}/callback`;
    await server.api('POST', '/user_management/redirect_uris', { uri: appUrl });
    await enable(server, ...socialProviders);
    chromium = await launchBrowser();
  });
  after(async () => {
    await chromium.close();
    app.closeAllConnections();
    app.close();
    await server[Symbol.asyncDispose]();
  });

  const visitor = (javaScriptEnabled: boolean): Promise<Page> => chromium.newPage({ javaScriptEnabled });
  const toSignIn = (more: Record<string, string> = {}): string =>
    server.authorizeUrl({ redirect_uri: appUrl, ...more });

  /** Presses the button, and says at the provider who it is. */
  async function signIn(page: Page, label: string, email: string, hasScript: boolean): Promise<void> {
    await page.goto(toSignIn());
    await page.getByRole('button', { name: `Continue with ${label}`, exact: true }).click();
    await page.getByRole('heading', { name: label }).waitFor();
    await page.getByLabel('Email').fill(email);
    await page.getByRole('button', { name: 'Verified e-mail', exact: true }).click();
    // Apple answers by a form; with script it posts itself.
    if (label === 'Apple' && !hasScript) await page.getByRole('button', { name: 'Continue' }).click();
  }

  async function atTheApp(page: Page): Promise<string> {
    await page.waitForURL((url) => url.href.startsWith(appUrl));
    const { status, json, text } = await server.token(byCode(new URL(page.url()).searchParams.get('code') ?? ''));
    assert.equal(status, 200, text);
    return json.authentication_method;
  }

  for (const hasScript of [true, false]) {
    it(`lead to the app, each through its own provider, ${hasScript ? 'with' : 'without'} script`, async () => {
      for (const provider of socialProviders) {
        const { label, slug } = descriptionOf(provider);
        const email = `${slug}.${hasScript}@example.com`;
        const page = await visitor(hasScript);
        await signIn(page, label, email, hasScript);
        if (provider !== 'GoogleOAuth' && provider !== 'AppleOAuth') {
          await page.waitForURL(/\/verify-email/);
          await page.getByLabel('Code').fill(await server.codeFor(email));
          if (!hasScript) await page.getByRole('button', { name: 'Continue' }).click();
        }
        assert.equal(await atTheApp(page), provider);
        await page.context().close();
      }
    });
  }

  it('stand above the field, and Enter in it goes on with the address', async () => {
    const page = await visitor(true);
    await page.goto(toSignIn());
    const buttons = page.getByRole('button', { name: /^Continue with / });
    assert.equal(await buttons.count(), socialProviders.length);
    await page.getByLabel('Email').fill('grace@example.com');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/sign-in\/password/);
    await page.context().close();
  });

  it('mark the provider of the last time (UI 21)', async () => {
    const page = await visitor(true);
    await signIn(page, 'Google', 'badge@example.com', true);
    await atTheApp(page);
    await page.goto(toSignIn({ prompt: 'login' }));
    const button = page.getByRole('button', { name: 'Continue with Google', exact: true });
    assert.ok(await button.getAttribute('aria-describedby'));
    await page.context().close();
  });

  it('come back with a reason when the person refuses', async () => {
    const page = await visitor(true);
    await page.goto(toSignIn({ ui_locales: 'en' }));
    await page.getByRole('button', { name: 'Continue with GitHub', exact: true }).click();
    await page.getByRole('button', { name: 'Refuse consent' }).click();
    await page.getByRole('alert').filter({ hasText: 'GitHub was told not to sign you in' }).waitFor();
    await page.context().close();
  });
});
