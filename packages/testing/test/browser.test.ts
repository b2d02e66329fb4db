/** The helpers that drive a browser, in the system's Chromium, and the official SDKs at the other end. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { type AuthKit, createAuthKit, freePort } from '@authkit/testing';
import { WorkOS } from '@workos-inc/node';
import { launchBrowser, type TestBrowser } from '../../server/test/browser.ts';

let auth: AuthKit;
let browser: TestBrowser;
let app: Server;
let origin: string;

before(async () => {
  const port = await freePort();
  origin = `http://localhost:${port}`;
  auth = await createAuthKit({ app: { origin } });
  app = await startApp(port);
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  app?.closeAllConnections();
  app?.close();
  await auth?.close();
});

/** The least that is an app: it starts a sign-in, ends it with a cookie, and says who the cookie is about. */
async function startApp(port: number): Promise<Server> {
  const { hostname, port: apiPort } = new URL(auth.url);
  const { apiKey, clientId, cookiePassword } = auth;
  const options = { apiKey, clientId, apiHostname: hostname, port: Number(apiPort), https: false };
  const { userManagement } = new WorkOS(options);
  const redirectUri = `${origin}/callback`;
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', origin);
    if (pathname === '/login') {
      const location = userManagement.getAuthorizationUrl({ provider: 'authkit', clientId, redirectUri });
      return response.writeHead(302, { location }).end();
    }
    if (pathname === '/callback') {
      const code = searchParams.get('code') ?? '';
      const session = { sealSession: true, cookiePassword };
      const { sealedSession } = await userManagement.authenticateWithCode({ clientId, code, session });
      const cookie = `wos-session=${sealedSession}; Path=/; HttpOnly; SameSite=Lax`;
      return response.writeHead(302, { location: '/', 'set-cookie': cookie }).end();
    }
    const sessionData = /wos-session=([^;]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
    const opened = await userManagement.loadSealedSession({ sessionData, cookiePassword }).authenticate();
    const { user, organizationId } = opened.authenticated ? opened : {};
    return response.end(`${user?.email ?? 'nobody'} in ${organizationId ?? 'none'}`);
  });
  await new Promise<void>((resolve) => server.listen(port, 'localhost', resolve));
  return server;
}

const shown = async (page: { textContent(selector: string): Promise<string | null> }) => page.textContent('body');

describe('signIn', () => {
  it('takes somebody with a password to the app', async () => {
    const ada = await auth.user({ org: 'Acme' });
    const page = await browser.newPage();
    await auth.signIn(page, ada);
    assert.equal(await shown(page), `${ada.email} in ${ada.organization?.id}`);
    await page.context().close();
  });

  it('chooses the organization and answers with the authenticator app where the pages ask, in any language', async () => {
    const ada = await auth.user({ org: 'Acme' });
    const globex = await auth.organization();
    await auth.member(ada, globex);
    await auth.totp(ada);
    const page = await browser.newPage({ locale: 'de-DE' });
    await auth.signIn(page, ada, { from: '/login', organization: globex });
    assert.equal(await shown(page), `${ada.email} in ${globex.id}`);
    await page.context().close();
  });

  it('says what it would need', async () => {
    const page = await browser.newPage();
    await assert.rejects(auth.signIn(page, await auth.user({ password: null })), /has no password/);
    const ada = await auth.user();
    await auth.call('POST', `/user_management/users/${ada.id}/auth_factors`, {
      type: 'totp',
      totp_secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
    });
    await assert.rejects(auth.signIn(page, ada), /asks .* for a code. Give them an authenticator app with totp/);
    await page.context().close();
  });

  it('tells where it stopped', async () => {
    const ada = await auth.user();
    const page = await browser.newPage();
    const wrong = { ...ada, password: 'not the password' };
    await assert.rejects(
      auth.signIn(page, wrong, { timeoutMs: 5000 }),
      new RegExp(`did not go on at ${auth.url}/sign-in/password`),
    );
    await page.context().close();
  });
});

describe('session', () => {
  it('signs a browser in at the app and at our own pages', async () => {
    const ada = await auth.user({ org: 'Acme', password: null });
    const page = await browser.newPage();
    await auth.session(page, ada);
    await page.goto(origin);
    assert.equal(await shown(page), `${ada.email} in ${ada.organization?.id}`);
    await page.context().clearCookies({ name: 'wos-session' });
    await page.goto(`${origin}/login`);
    assert.equal(await shown(page), `${ada.email} in ${ada.organization?.id}`, 'without a page in between');
    await page.context().close();
  });

  it('leaves a single-page app what its SDK looks for, in both of its modes', async () => {
    const ada = await auth.user({ password: null });
    const context = await browser.newContext();
    await auth.session(context, ada, { kind: 'spa' });
    const cookies = await context.cookies(auth.url);
    const named = (name: string) => cookies.find((cookie) => cookie.name === name) ?? assert.fail(name);
    assert.equal(named(`authkit-refresh-${auth.clientId}`).httpOnly, true);
    assert.equal(named('workos-has-session').value, auth.clientId);
    const page = await context.newPage();
    await page.goto(origin);
    const stored = await page.evaluate(`localStorage['workos:refresh-token:${auth.clientId}']`);
    const refreshed = await auth.call('POST', '/user_management/authenticate', {
      grant_type: 'refresh_token',
      client_id: auth.clientId,
      refresh_token: stored,
    });
    assert.equal(refreshed.user.id, ada.id);
    await context.close();
  });
});

describe('passkey', () => {
  it('makes one when it is offered, and signs in with it', async () => {
    const [ada, grace] = [await auth.user(), await auth.user()];
    const page = await browser.newPage();
    const authenticator = await auth.passkey(page);
    await auth.signIn(page, grace);
    assert.equal(await authenticator.count(), 0, 'the offer is left for later');
    await page.context().clearCookies();
    await page.goto(`${origin}/login`);
    await page.getByLabel('Email').fill(ada.email);
    await page.getByRole('button', { name: 'Continue', exact: true }).click();
    await page.getByLabel('Password', { exact: true }).fill(ada.password ?? '');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('button', { name: 'Create a passkey' }).click();
    await page.waitForURL(`${origin}/`);
    assert.equal(await authenticator.count(), 1);

    await page.context().clearCookies();
    await page.goto(`${origin}/login`);
    await page.waitForURL(`${origin}/`);
    assert.match((await shown(page)) ?? '', new RegExp(ada.email), 'it answers by itself');
    await authenticator.remove();
    await page.context().close();
  });
});
