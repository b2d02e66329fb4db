/** Sign-on in a real browser, with providers on other sites: what cookies, policies and forms make of it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import type { ConnectionRow } from '../../src/sso/index.ts';
import { launchBrowser, type TestBrowser } from '../browser.ts';
import { startServer, type TestServer } from '../harness.ts';
import { type OidcProvider, startOidcProvider } from '../oidc-provider.ts';
import { axe, axeFindings } from '../pages.ts';
import { encoded, partsFor, samlConnection, signedFor } from '../saml.ts';
import { connect, selecting } from './sso-steps.ts';
import { byCode } from './steps.ts';

describe('sign-on from another site, in a browser', () => {
  let server: TestServer;
  let chromium: TestBrowser;
  let app: Server;
  let provider: Server;
  let appUrl: string;
  let connection: ConnectionRow;
  let oidc: OidcProvider;
  let oidcConnection: string;
  /** What pages complained about: policy violations above all. */
  const complaints: string[] = [];

  before(async () => {
    server = await startServer();
    app = createServer((_request, response) => response.end('the app')).listen(0, 'localhost');
    await once(app, 'listening');
    appUrl = `http://localhost:${(app.address() as AddressInfo).port}/callback`;
    await server.api('POST', '/user_management/redirect_uris', { uri: appUrl });
    // By its number: to a browser that is another site than `localhost`.
    provider = createServer((request, response) => void answer(request.url ?? '').then((page) => response.end(page)));
    provider.listen(0, '127.0.0.1');
    await once(provider, 'listening');
    const body = { name: 'Acme', domain_data: [{ domain: 'acme.com', state: 'verified' }] };
    const organizationId = (await server.api('POST', '/organizations', body)).json.id;
    const signOnUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/sign-on`;
    connection = await samlConnection(server, { organizationId, signOnUrl, isIdpInitiatedAllowed: true });
    oidc = await startOidcProvider();
    oidcConnection = (await connect(server, oidc, { name: 'Globex', domain: 'globex.com' })).connectionId;
    chromium = await launchBrowser();
  });
  after(async () => {
    await chromium.close();
    for (const one of [app, provider]) {
      one.closeAllConnections();
      one.close();
    }
    await oidc[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  /** The page of a provider: a form that posts itself, and a button where it cannot. */
  async function answer(url: string): Promise<string> {
    const { searchParams } = new URL(url, 'http://127.0.0.1');
    const request = searchParams.get('SAMLRequest');
    const xml = request === null ? '' : inflateRawSync(Buffer.from(request, 'base64')).toString();
    const inResponseTo = / ID="([^"]+)"/.exec(xml)?.[1] ?? null;
    const { account } = partsFor(server, connection);
    const who = { ...account, email: searchParams.get('login_hint') ?? 'ada@acme.com' };
    const response = encoded(
      await signedFor(server, connection, { inResponseTo, account: { ...who, subject: who.email } }),
    );
    const { acsUrl } = partsFor(server, connection);
    return `<!doctype html><title>Provider</title><form method="post" action="${acsUrl}"><input type="hidden" name="SAMLResponse" value="${response}"><input type="hidden" name="RelayState" value="${searchParams.get('RelayState') ?? ''}"><button>Go on</button></form><script>document.forms[0].submit()</script>`;
  }

  async function visitor(javaScriptEnabled: boolean): Promise<Page> {
    const page = await chromium.newPage({ javaScriptEnabled });
    page.on('console', (line) => void (line.type() === 'error' && complaints.push(line.text())));
    return page;
  }

  async function atTheApp(page: Page): Promise<string> {
    await page.waitForURL((url) => url.href.startsWith(appUrl));
    const { status, json, text } = await server.token(byCode(new URL(page.url()).searchParams.get('code') ?? ''));
    assert.equal(status, 200, text);
    return json.user.email;
  }

  for (const hasScript of [true, false]) {
    it(`signs people in ${hasScript ? 'with' : 'without'} script`, async () => {
      const page = await visitor(hasScript);
      const email = `ada.${hasScript}@acme.com`;
      await page.goto(server.authorizeUrl({ redirect_uri: appUrl }));
      await page.getByLabel('Email').fill(email);
      await page.getByRole('button', { name: 'Continue', exact: true }).click();
      if (!hasScript) await page.getByRole('button', { name: 'Go on' }).click();
      assert.equal(await atTheApp(page), email);
      assert.deepEqual(complaints.splice(0), []);
      await page.context().close();
    });

    it(`asks before a sign-in that began there, ${hasScript ? 'with' : 'without'} script`, async () => {
      const page = await visitor(hasScript);
      await page.goto(connection.signOnUrl ?? '');
      if (!hasScript) await page.getByRole('button', { name: 'Go on' }).click();
      await page.getByRole('heading', { name: 'Sign in to Your app?' }).waitFor();
      await page.getByText('Acme says that you are ada@acme.com.').waitFor();
      // The app begins a sign-in of its own, and finds the person signed in.
      await page.route('http://localhost:3000/**', (route) =>
        route.fulfill({ status: 302, headers: { location: server.authorizeUrl({ redirect_uri: appUrl }) } }),
      );
      await page.getByRole('button', { name: 'Continue', exact: true }).click();
      assert.equal(await atTheApp(page), 'ada@acme.com');
      assert.deepEqual(complaints.splice(0), []);
      await page.context().close();
    });
  }

  for (const hasScript of [true, false]) {
    it(`signs people in by OpenID Connect, ${hasScript ? 'with' : 'without'} script`, async () => {
      const page = await visitor(hasScript);
      const email = `bob.${hasScript}@globex.com`;
      oidc.person = { sub: email, email };
      await page.goto(server.authorizeUrl({ redirect_uri: appUrl }));
      await page.getByLabel('Email').fill(email);
      await page.getByRole('button', { name: 'Continue', exact: true }).click();
      assert.equal(await atTheApp(page), email);
      assert.equal(oidc.asked?.get('login_hint'), email);
      oidc.person = null;
      await page.goto(selecting(server, { redirect_uri: appUrl, connection_id: oidcConnection }));
      await page.waitForURL((url) => url.href.startsWith(appUrl));
      assert.equal(new URL(page.url()).searchParams.get('error'), 'access_denied');
      assert.deepEqual(complaints.splice(0), []);
      await page.context().close();
    });
  }

  it('asks on a page that everybody can use, light and dark, and in both directions', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const [locale, width] of [
        ['en-US', 1280],
        ['en-US', 375],
        ['ar', 1280],
      ] as const) {
        const page = await chromium.newPage({ colorScheme, locale, viewport: { width, height: 800 }, bypassCSP: true });
        await page.goto(connection.signOnUrl ?? '');
        await page.waitForURL(/\/sso\/consent/);
        await page.getByText('ada@acme.com').waitFor();
        await page.evaluate(axe);
        assert.deepEqual(await axeFindings(page), [], `${colorScheme} ${locale} ${width}`);
        const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
        assert.equal(await page.evaluate(overflow), 0);
        await page.context().close();
      }
    }
  });
});
