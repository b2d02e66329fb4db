/**
 * Somebody makes an account with another person's address, sets it up for themselves, and waits. Whichever way the owner
 * of the address comes, they get in, and nothing of the other one is left: not to sign in with, and not in their way.
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { systemTenant } from '../../src/core/index.ts';
import { getLockout } from '../../src/lockout/logic.ts';
import { type Answer, goodPassword, onEachEngine, type TestBrowser, type TestServer } from '../harness.ts';
import { appOnPage, recoveryCodesOn } from './mfa-steps.ts';
import { changeSettings, codeOf } from './steps.ts';

const ownPassword = 'another very good phrase 77';

/** Signs up with somebody else's address and turns the second step on. @returns their browser, and what they keep */
async function hijack(server: TestServer, email: string) {
  const browser = server.browser();
  await browser.open(server.authorizeUrl({ screen_hint: 'sign-up' }));
  codeOf(await browser.submit({ email, password: goodPassword }));
  await browser.open('/account/second-step');
  const app = appOnPage(server, browser);
  await browser.submit({ code: app.code() }, '/account/second-step');
  const recoveryCodes = recoveryCodesOn(browser);
  assert.ok(recoveryCodes.length > 0, browser.path);
  // A code of their app is a new one from here on.
  server.clock.advance(60);
  return { browser, app, recoveryCodes };
}

const atSignIn = async (server: TestServer, email: string): Promise<TestBrowser> => {
  const browser = server.browser();
  await browser.open(server.authorizeUrl());
  await browser.submit({ email }, '/sign-in?');
  return browser;
};

/** How the owner of an address comes to an account that has it already. @returns what their last form ended at */
const claims: Readonly<Record<string, (server: TestServer, email: string) => Promise<Answer>>> = {
  async 'a mailed code'(server, email) {
    const browser = await atSignIn(server, email);
    await browser.submit({}, '/sign-in/code/send');
    return browser.submit({ code: await server.codeFor(email) }, '/sign-in/code?');
  },
  async 'a link that sets a new password'(server, email) {
    const browser = server.browser();
    await browser.open('/forgot-password');
    await browser.submit({ email }, '/forgot-password');
    const [mail] = await server.mails(email);
    await browser.open(/http\S+reset-password\S+/.exec(mail?.text ?? '')?.[0] ?? assert.fail(mail?.subject));
    await browser.submit({ password: ownPassword }, '/reset-password');
    const again = await atSignIn(server, email);
    return again.submit({ password: ownPassword }, '/sign-in/password');
  },
  async 'a provider that vouches for the address'(server, email) {
    const browser = server.browser();
    await browser.open(server.authorizeUrl());
    await browser.submit({ provider: 'GoogleOAuth' }, '/sign-in/social');
    return browser.submit({ persona: 'verified', email });
  },
  async 'a provider that does not, and a code'(server, email) {
    const browser = server.browser();
    await browser.open(server.authorizeUrl());
    await browser.submit({ provider: 'GitHubOAuth' }, '/sign-in/social');
    await browser.submit({ persona: 'unverified', email });
    return browser.submit({ code: await server.codeFor(email) }, '/verify-email');
  },
  async 'a sign-up'(server, email) {
    const browser = server.browser();
    await browser.open(server.authorizeUrl({ screen_hint: 'sign-up' }));
    await browser.submit({ email, password: ownPassword });
    return browser.submit({ code: await server.codeFor(email) }, '/verify-email');
  },
};

onEachEngine('an account that somebody made before the owner of its address came', (start) => {
  for (const [way, claim] of Object.entries(claims)) {
    it(`is the owner’s alone after ${way}`, async () => {
      await using server = await start();
      await changeSettings(server, { requireEmailVerification: false });
      const email = 'victim@example.com';
      const other = await hijack(server, email);
      const [{ id: hijacked }] = (await server.api('GET', `/user_management/users?email=${email}`)).json.data;
      const change = `/user_management/users/${hijacked}/email_change`;
      await server.api('POST', `${change}/send`, { new_email: 'mallory@example.com' });
      const code = await server.codeFor('mallory@example.com');

      const { json } = await server.token({
        grant_type: 'authorization_code',
        code: codeOf(await claim(server, email)),
      });
      const { id } = json.user;

      assert.equal(json.user.email_verified, true);
      const factors = await server.api('GET', `/user_management/users/${id}/auth_factors`);
      assert.deepEqual(factors.json.data, []);
      await other.browser.open('/account');
      assert.match(other.browser.path, /^\/sign-in/);
      const planted = await server.token({ grant_type: 'password', email, password: goodPassword });
      assert.equal(planted.json.code, 'invalid_credentials');
      assert.equal((await server.api('POST', `${change}/confirm`, { code })).json.code, 'no_pending_email_change');
    });
  }

  it('asks the owner for no code of an app, and takes none of the recovery codes, where two factors are demanded', async () => {
    await using server = await start();
    await changeSettings(server, { requireEmailVerification: false });
    const email = 'victim@example.com';
    const { recoveryCodes } = await hijack(server, email);
    await changeSettings(server, { requireEmailVerification: false, mfa: 'required' });
    const owner = await atSignIn(server, email);
    await owner.submit({}, '/sign-in/code/send');
    await owner.submit({ code: await server.codeFor(email) }, '/sign-in/code?');
    assert.match(owner.path, /^\/mfa\/enroll/);
    const app = appOnPage(server, owner);
    await owner.submit({ code: app.code() }, '/mfa/enroll');
    assert.deepEqual(
      recoveryCodesOn(owner).filter((code) => recoveryCodes.includes(code)),
      [],
    );
  });

  it('begins the owner’s failures anew, however often codes of the other one were wrong', async () => {
    await using server = await start();
    await changeSettings(server, { requireEmailVerification: false });
    const email = 'victim@example.com';
    const { app } = await hijack(server, email);
    const again = await atSignIn(server, email);
    await again.submit({ password: goodPassword }, '/sign-in/password');
    for (let failures = 0; failures < 3; failures++) await again.submit({ code: app.wrong() }, '/mfa');
    const [{ id }] = (await server.api('GET', `/user_management/users?email=${email}`)).json.data;
    const failed = async () => {
      const rows = await getLockout(server.running.services, systemTenant(server.environmentId), id);
      return rows.map(({ method, failures }) => [method, failures]);
    };
    assert.deepEqual(await failed(), [['totp', 3]]);
    codeOf((await claims['a mailed code']?.(server, email)) ?? assert.fail());
    assert.deepEqual(await failed(), []);
  });
});
