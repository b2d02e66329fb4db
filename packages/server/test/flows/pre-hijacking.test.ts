/**
 * Somebody makes an account with another person's address, sets it up for themselves, and waits. Whichever way the owner
 * of the address comes, they get in, and nothing of the other one is left: not to sign in with, and not in their way.
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { systemTenant } from '../../src/core/index.ts';
import { resetFactors } from '../../src/mfa/index.ts';
import { linkIdentity, listIdentities } from '../../src/social/index.ts';
import { findUsersBy } from '../../src/users/logic.ts';
import { SoftAuthenticator } from '../authenticator.ts';
import { type Answer, goodPassword, onEachEngine, type TestBrowser, type TestServer } from '../harness.ts';
import { enrollAtApi, makeProtected } from './mfa-steps.ts';
import { givePasskey, usePasskey } from './passkey-steps.ts';
import { changeSettings, codeOf, makeUser, waysIn } from './steps.ts';

const ownPassword = 'another very good phrase 77';

/** Signs up with somebody else's address and a name of theirs, and would turn the second step on. @returns their browser */
async function hijack(server: TestServer, email: string): Promise<TestBrowser> {
  const browser = server.browser();
  await browser.open(server.authorizeUrl({ screen_hint: 'sign-up' }));
  codeOf(await browser.submit({ email, password: goodPassword, first_name: 'Mallory', last_name: 'Planted' }));
  await browser.open('/account/second-step');
  await browser.submit({ email }, '/sign-in?');
  await browser.submit({ password: goodPassword }, '/sign-in/password?');
  assert.match(browser.path, /^\/verify-email/, 'the inbox comes first');
  return browser;
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
      const { json: organization } = await server.api('POST', '/organizations', { name: 'Corp' });
      const tenant = systemTenant(server.environmentId);
      const given = { user_id: hijacked, organization_id: organization.id };
      const membership = await server.api('POST', '/user_management/organization_memberships', given);
      const change = `/user_management/users/${hijacked}/email_change`;
      await server.api('POST', `${change}/send`, { new_email: 'mallory@example.com' });
      const code = await server.codeFor('mallory@example.com');

      const { json } = await server.token({
        grant_type: 'authorization_code',
        code: codeOf(await claim(server, email)),
      });
      const { id } = json.user;

      assert.equal(json.user.email_verified, true);
      const { first_name, last_name, name } = json.user;
      assert.deepEqual([first_name, last_name, name], [null, null, null], 'what a stranger called them');
      const found = await findUsersBy(server.running.services.db, tenant, { limit: 10, order: 'desc' }, 'planted');
      assert.deepEqual(found.rows, []);
      const kept = await server.api('GET', `/user_management/organization_memberships/${membership.json.id}`);
      assert.equal(kept.json.status, 'active', 'the operator’s word');
      const factors = await server.api('GET', `/user_management/users/${id}/auth_factors`);
      assert.deepEqual(factors.json.data, []);
      await other.open('/account');
      assert.match(other.path, /^\/sign-in/);
      const planted = await server.token({ grant_type: 'password', email, password: goodPassword });
      assert.equal(planted.json.code, 'invalid_credentials');
      assert.equal((await server.api('POST', `${change}/confirm`, { code })).json.code, 'no_pending_email_change');
    });
  }

  it('keeps a second factor that the app has set up, and asks for it, whoever comes by the inbox', async () => {
    await using server = await start();
    await changeSettings(server, { requireEmailVerification: false });
    for (const [way, claim] of Object.entries(claims)) {
      const { id, email } = await makeUser(server, { email_verified: false });
      const { challengeId, app } = await enrollAtApi(server, id);
      await server.api('POST', `/auth/challenges/${challengeId}/verify`, { code: app.code() });
      const answer = await claim(server, email);
      assert.ok(!answer.location?.searchParams.has('code'), way);
      const factors = await server.api('GET', `/user_management/users/${id}/auth_factors`);
      assert.equal(factors.json.data.length, 1, way);
    }
  });
});

/** Whose address an app changes without asking whether it is theirs: with two factors, a password, a passkey and a provider. */
async function moved(server: TestServer, email: string) {
  const { running, environmentId } = server;
  const tenant = systemTenant(environmentId);
  const { id, email: before, app } = await makeProtected(server);
  const key = new SoftAuthenticator(server.url);
  await givePasskey(server, id, key);
  const profile = { subject: 'olga', email: before, isEmailProven: true };
  await running.services.db.transaction((tx) => linkIdentity(running.services, tx, tenant, id, 'GoogleOAuth', profile));
  const changed = await server.api('PUT', `/user_management/users/${id}`, {
    email,
    first_name: 'Olga',
    last_name: 'Owner',
  });
  assert.deepEqual([changed.status, changed.json.email_verified], [200, false], changed.text);
  const identities = async () => (await listIdentities(running.services.db, tenant, id)).length;
  return { id, app, key, identities };
}

const byPassword = (email: string, password = goodPassword) => ({ grant_type: 'password', email, password });

onEachEngine('an account whose address an app has changed to one that nobody proved', (start) => {
  for (const [way, claim] of Object.entries(claims)) {
    it(`asks for the second factor after ${way}, and nothing else of before leads in`, async () => {
      await using server = await start();
      const email = 'new-address@example.com';
      const { id, key, identities } = await moved(server, email);
      const answer = await claim(server, email);
      assert.ok(!answer.location?.searchParams.has('code'), 'nobody is in by the inbox alone');
      const factors = await server.api('GET', `/user_management/users/${id}/auth_factors`);
      assert.equal(factors.json.data.length, 1);
      const { json } = await server.api('GET', `/user_management/users/${id}`);
      assert.deepEqual([json.email_verified, json.first_name, json.last_name], [true, 'Olga', 'Owner']);

      assert.equal((await server.token(byPassword(email))).json.code, 'invalid_credentials');
      assert.equal(await usePasskey(server, key), false);
      assert.equal(await identities(), way.includes('provider') ? 1 : 0, 'the one they came with');
      const open = await waysIn(server);
      assert.deepEqual([open.sessions, open.codes], [0, 0]);
    });
  }

  it('lets in whoever proves the inbox and has the second factor, or whose factors an operator has reset', async () => {
    await using server = await start();
    const email = 'new-address@example.com';
    const { id, app } = await moved(server, email);
    const browser = await atSignIn(server, email);
    await browser.submit({}, '/sign-in/code/send');
    await browser.submit({ code: await server.codeFor(email) }, '/sign-in/code?');
    server.clock.advance(60);
    codeOf(await browser.submit({ code: app.code() }, '/mfa'));
    await server.api('PUT', `/user_management/users/${id}`, { email: 'third@example.com' });
    await server.running.services.db.transaction((tx) =>
      resetFactors(server.running.services, systemTenant(server.environmentId), tx, id),
    );
    codeOf((await claims['a mailed code']?.(server, 'third@example.com')) ?? assert.fail());
  });

  it('keeps what it had for whoever proves the inbox after their old password', async () => {
    await using server = await start();
    const email = 'new-address@example.com';
    const { app, key, identities } = await moved(server, email);
    const browser = await atSignIn(server, email);
    await browser.submit({ password: goodPassword }, '/sign-in/password');
    await browser.submit({ code: await server.codeFor(email) }, '/verify-email');
    server.clock.advance(60);
    codeOf(await browser.submit({ code: app.code() }, '/mfa'));
    assert.deepEqual([await usePasskey(server, key), await identities()], [true, 1]);
  });

  it('keeps it, too, when an operator takes the proof of its address back', async () => {
    await using server = await start();
    const user = await makeProtected(server);
    await server.api('PUT', `/user_management/users/${user.id}`, { email_verified: false });
    const answer = (await claims['a mailed code']?.(server, user.email)) ?? assert.fail();
    assert.ok(!answer.location?.searchParams.has('code'));
  });
});

onEachEngine('names of an account that its owner claims', (start) => {
  const nameOf = async (server: TestServer, email: string) => {
    const { first_name, last_name, name } = (await server.api('GET', `/user_management/users?email=${email}`)).json
      .data[0];
    return [first_name, last_name, name];
  };
  const signedUpBy = async (server: TestServer, email: string, names: Record<string, string>) => {
    const browser = server.browser();
    await browser.open(server.authorizeUrl({ screen_hint: 'sign-up' }));
    await browser.submit({ email, ...names });
    return browser;
  };

  it('stay when the operator gave them, whoever holds the account, and go when the holder changed them', async () => {
    await using server = await start();
    await changeSettings(server, { requireEmailVerification: false });
    const email = 'ada@example.com';
    await server.create.user({ email, first_name: 'Ada', last_name: 'Lovelace', password: goodPassword });
    codeOf((await claims['a mailed code']?.(server, email)) ?? assert.fail());
    assert.deepEqual(await nameOf(server, email), ['Ada', 'Lovelace', null]);

    const other = await server.create.user({ email: 'eve@example.com', first_name: 'Eve', password: goodPassword });
    const browser = server.browser();
    await browser.open(server.authorizeUrl());
    await browser.submit({ email: other.email }, '/sign-in?');
    codeOf(await browser.submit({ password: goodPassword }, '/sign-in/password'));
    await browser.open('/account/profile');
    await browser.submit({ first_name: 'Mallory', last_name: '' }, '/account/profile');
    assert.deepEqual((await nameOf(server, other.email))[0], 'Mallory');
    codeOf((await claims['a mailed code']?.(server, other.email)) ?? assert.fail());
    assert.deepEqual(await nameOf(server, other.email), [null, null, null]);
  });

  for (const signUpProofOfWork of [false, true]) {
    it(`are those that the prover typed, with a mailed code too${signUpProofOfWork ? ' and no work done' : ''}`, async () => {
      await using server = await start();
      await changeSettings(server, { passwordSignIn: false, signUpProofOfWork });
      const email = 'grace@example.com';
      await signedUpBy(server, email, { first_name: 'Mallory', last_name: 'Planted' });
      const owner = await signedUpBy(server, email, { first_name: 'Grace', last_name: '' });
      codeOf(await owner.submit({ code: await server.codeFor(email) }, '/sign-in/code?'));
      assert.deepEqual(await nameOf(server, email), ['Grace', null, null]);
      const late = await signedUpBy(server, email, { first_name: 'Mallory', last_name: 'Again' });
      await late.submit({ code: await server.codeFor(email) }, '/sign-in/code?');
      assert.deepEqual(
        await nameOf(server, email),
        ['Grace', null, null],
        'of a proved account a sign-up changes none',
      );
    });
  }
});
