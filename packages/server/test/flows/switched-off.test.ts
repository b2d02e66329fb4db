/** Passwords, or passkeys, switched off: the pages that deal in them lead on, also under somebody who stands on them. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { systemTenant } from '../../src/core/index.ts';
import { selectPasskeysOfUser } from '../../src/passkeys/store.ts';
import { passwordSince } from '../../src/users/index.ts';
import { SoftAuthenticator } from '../authenticator.ts';
import { goodPassword, onEachEngine, type TestBrowser, type TestServer } from '../harness.ts';
import { givePasskey } from './passkey-steps.ts';
import { byCode, changeSettings, codeOf, makeUser, otherEnvironment, signIn, silentCode } from './steps.ts';

const newPassword = 'another perfectly fine one';
const passwordsOff = (server: TestServer) => changeSettings(server, { passwordSignIn: false });

async function atAccount(server: TestServer, email: string): Promise<TestBrowser> {
  const browser = server.browser();
  await browser.open('/account');
  await browser.submit({ email }, '/sign-in?');
  await browser.submit({ password: goodPassword }, '/sign-in/password');
  return browser;
}

const subjects = async (server: TestServer, email: string) =>
  (await server.mails(email)).map(({ subject }) => subject).sort();

const since = ({ running, environmentId }: TestServer, id: string) =>
  passwordSince(running.services.db, systemTenant(environmentId), id);

/** The mailed link to a page for a new password, asked for over the API. */
const linkFor = async (server: TestServer, email: string): Promise<string> =>
  (await server.api('POST', '/user_management/password_reset', { email })).json.password_reset_url;

onEachEngine('passwords that are switched off', (start) => {
  it('are not to be had by a forgotten one: the page leads to the sign-in and mails nothing', async () => {
    await using server = await start();
    const { email } = await makeUser(server);
    const asking = server.browser();
    await asking.open(server.authorizeUrl());
    await asking.submit({ email }, '/sign-in?');
    const href = /href="(\/forgot-password[^"]*)"/.exec(asking.text)?.[1]?.replaceAll('&amp;', '&') ?? assert.fail();
    await asking.open(href);
    const alone = server.browser();
    await alone.open('/forgot-password');
    const before = await subjects(server, email);

    await passwordsOff(server);
    await asking.submit({ email }, '/forgot-password');
    assert.match(asking.path, /^\/sign-in\?attempt=/, 'the sign-in that was under way goes on');
    for (const typed of [email, 'nobody@example.com', '']) {
      const { action, hidden } = alone.form('/forgot-password');
      const { location } = await alone.clone().post(action, { ...hidden, email: typed });
      assert.equal(location?.pathname, '/login', 'where the app begins sign-ins');
    }
    const late = server.browser();
    await late.open(href);
    assert.doesNotMatch(late.path, /^\/forgot-password/);
    assert.deepEqual(await subjects(server, email), before);
    assert.deepEqual(await subjects(server, 'nobody@example.com'), []);
  });

  it('are not set by a link from before, nor by a form that was open', async () => {
    await using server = await start();
    const { id, email } = await makeUser(server);
    const link = await linkFor(server, email);
    const browser = server.browser();
    await browser.open(link);
    const before = await since(server, id);
    server.clock.advance(60);
    await passwordsOff(server);
    const { action, hidden } = browser.form('/reset-password');
    for (const password of [newPassword, 'short', '']) {
      const { location } = await browser.clone().post(action, { ...hidden, password });
      assert.equal(location?.pathname, '/login', password);
    }
    const late = server.browser();
    await late.open(link);
    assert.doesNotMatch(late.path, /^\/reset-password/);
    assert.deepEqual(await since(server, id), before);

    await changeSettings(server, { passwordSignIn: true });
    await browser.submit({ password: newPassword }, '/reset-password');
    assert.notDeepEqual(await since(server, id), before, 'the link was spent by nothing');
  });

  it('are not set by a form that is under way while they are switched off', async () => {
    await using server = await start();
    const { id, email } = await makeUser(server);
    const browser = server.browser();
    await browser.open(await linkFor(server, email));
    const before = await since(server, id);
    server.clock.advance(60);
    const { db } = server.running.services;
    const transaction = db.transaction.bind(db);
    db.transaction = async (body) => {
      db.transaction = transaction;
      await passwordsOff(server);
      return transaction(body);
    };
    const { action, hidden } = browser.form('/reset-password');
    const { location } = await browser.post(action, { ...hidden, password: newPassword });
    assert.equal(location?.pathname, '/login');
    assert.deepEqual(await since(server, id), before);
  });

  it('are neither shown nor set at the account page, wherever one comes from', async () => {
    await using server = await start();
    const { id, email } = await makeUser(server);
    const browser = await atAccount(server, email);
    await browser.open('/account/password');
    const before = await since(server, id);
    server.clock.advance(60);
    await passwordsOff(server);
    const { action, hidden } = browser.form('/account/password');
    await browser.post(action, { ...hidden, password: newPassword });
    assert.match(browser.path, /^\/account\?/);
    for (const path of ['/account/password', '/.well-known/change-password']) {
      await browser.open(path);
      assert.match(browser.path, /^\/account\?/, path);
    }
    assert.deepEqual(await since(server, id), before);
  });

  it('are another environment’s business there', async () => {
    await using server = await start();
    const other = await otherEnvironment(server);
    await passwordsOff(server);
    const browser = server.browser();
    await browser.open(`/forgot-password?client_id=${other.clientId}`);
    assert.match(browser.path, /^\/forgot-password/);
    await browser.open(`/.well-known/change-password?client_id=${other.clientId}`);
    assert.match(browser.path, /^\/sign-in/, 'whoever changes a password there signs in first');
  });
});

onEachEngine('passkeys that are switched off', (start) => {
  it('are neither offered nor taken at the account page', async () => {
    await using server = await start();
    const { id, email } = await makeUser(server);
    const browser = await atAccount(server, email);
    await browser.open('/account/passkeys/add');
    const { action, hidden } = browser.form('/account/passkeys/add');
    const optionsPath = action.replace('/add', '/options');
    const options = await browser.clone().post(optionsPath, hidden);
    const credential = new SoftAuthenticator(server.url).create(options.json);
    await changeSettings(server, { passkeySignIn: false });
    for (const path of [optionsPath, action]) {
      const sending = browser.clone();
      await sending.post(path, { ...hidden, credential });
      assert.match(sending.path, /^\/account\?/, path);
    }
    await browser.open('/account/passkeys/add');
    assert.match(browser.path, /^\/account\?/);
    const { db } = server.running.services;
    assert.deepEqual(await selectPasskeysOfUser(db, systemTenant(server.environmentId), id), []);

    await changeSettings(server, { passkeySignIn: true });
    await browser.clone().post(action, { ...hidden, credential });
    assert.equal((await selectPasskeysOfUser(db, systemTenant(server.environmentId), id)).length, 1);
  });
});

onEachEngine('a way in that is switched off between the sign-in and the exchange of its code', (start) => {
  const byMail = async (server: TestServer, email: string): Promise<TestBrowser> => {
    const browser = server.browser();
    await browser.open(server.authorizeUrl());
    await browser.submit({ email }, '/sign-in?');
    await browser.submit({}, '/sign-in/code/send');
    codeOf(await browser.submit({ code: await server.codeFor(email) }, '/sign-in/code?'));
    return browser;
  };
  const byPasskey = async (server: TestServer, _email: string, id: string): Promise<TestBrowser> => {
    const authenticator = new SoftAuthenticator(server.url);
    await givePasskey(server, id, authenticator);
    const browser = server.browser();
    await browser.open(server.authorizeUrl());
    const { action, hidden } = browser.form('/sign-in/passkey?');
    const options = await browser.clone().post(action.replace('?', '/options?'), hidden);
    codeOf(await browser.post(action, { ...hidden, credential: authenticator.get(options.json) }));
    return browser;
  };
  const byPassword = async (server: TestServer, email: string) => (await signIn(server, email)).browser;

  for (const [setting, enter] of [
    ['passwordSignIn', byPassword],
    ['magicAuthSignIn', byMail],
    ['passkeySignIn', byPasskey],
  ] as const) {
    it(`gives no tokens: ${setting}`, async () => {
      await using server = await start();
      await changeSettings(server, { offerPasskeys: false });
      const { id, email } = await makeUser(server);
      const browser = await enter(server, email, id);
      const codes = [await silentCode(server, browser), await silentCode(server, browser)];
      const exchange = async () => (await server.token(byCode(codes.pop() ?? assert.fail()))).json;
      assert.equal((await exchange()).user?.email, email);
      await changeSettings(server, { [setting]: false });
      assert.equal((await exchange()).error, 'invalid_grant');
    });
  }

  it('gives none to a device either', async () => {
    await using server = await start();
    const { email } = await makeUser(server);
    const { browser } = await signIn(server, email);
    const asked = { client_id: server.clientId };
    const { json } = await server.api('POST', '/user_management/authorize/device', asked, { authorization: '' });
    await browser.open('/device');
    await browser.submit({ user_code: json.user_code }, '/device');
    await browser.submit({ answer: 'approved' }, '/device/confirm');
    await passwordsOff(server);
    const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
    const polled = await server.token({ client_secret: null, grant_type, device_code: json.device_code });
    assert.equal(polled.json.error, 'access_denied');
  });
});
