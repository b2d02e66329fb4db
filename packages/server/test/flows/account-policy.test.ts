/**
 * Ways in that somebody with one of them would make: a password alone adds none that opens an organization which asks
 * for more, at the account page or where a passkey is offered. Nor does a code from before it asked.
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { systemTenant } from '../../src/core/index.ts';
import { updatePolicy } from '../../src/organizations/policy.ts';
import { SoftAuthenticator } from '../authenticator.ts';
import { goodPassword, onEachEngine, type TestBrowser, type TestServer } from '../harness.ts';
import { makeProtected, recoveryCodesOn } from './mfa-steps.ts';
import { makeMember, makeMemberOf, makeOrganization } from './organization-steps.ts';
import { givePasskey } from './passkey-steps.ts';
import { byCode, changeSettings, codeOf, makeUser, signIn } from './steps.ts';

const strict = (server: TestServer, organizationId: string, policy: object) =>
  updatePolicy(server.running.services, systemTenant(server.environmentId), organizationId, policy);

/** As far as the password takes somebody towards a page of their account. */
async function towards(server: TestServer, path: string, email: string): Promise<TestBrowser> {
  const browser = server.browser();
  await browser.open(path);
  await browser.submit({ email }, '/sign-in?');
  await browser.submit({ password: goodPassword }, '/sign-in/password');
  return browser;
}

onEachEngine('the account of somebody whose organization asks for more than a password', (start) => {
  it('gives no recovery codes for the password, where the organization alone asks for two factors', async () => {
    await using server = await start();
    const { id, email, app } = await makeProtected(server);
    const acme = await makeOrganization(server);
    await makeMember(server, id, acme.id);
    await strict(server, acme.id, { mfa: 'required' });
    await changeSettings(server, { mfa: 'off' });

    const browser = await towards(server, '/account/recovery-codes', email);
    assert.match(browser.path, /^\/mfa\?/, 'as far as a thief comes');
    await browser.open('/account/recovery-codes');
    assert.match(browser.path, /^\/sign-in\?/, 'no sign-in was begun');

    const owner = await towards(server, '/account/recovery-codes', email);
    await owner.submit({ code: app.code() }, '/mfa?');
    await owner.submit({}, '/account/recovery-codes');
    assert.ok(recoveryCodesOn(owner).length > 0);
  });

  it('adds no app and removes no passkey for the password of somebody whose second factor is the passkey', async () => {
    await using server = await start();
    const { user, organizations } = await makeMemberOf(server, ['Acme']);
    const passkey = await givePasskey(server, user.id, new SoftAuthenticator(server.url));
    await strict(server, organizations[0].id, { mfa: 'required' });
    for (const path of ['/account/second-step', `/account/passkeys/remove?passkey=${passkey.id}`]) {
      const thief = await towards(server, path, user.email);
      assert.match(thief.path, /^\/mfa\/passkey/, path);
      await thief.open(path);
      assert.doesNotMatch(thief.path, /^\/account/, path);
    }
  });

  it('adds no passkey for the password, where the organization takes passkeys alone', async () => {
    await using server = await start();
    const { user, organizations } = await makeMemberOf(server, ['Keys only']);
    await strict(server, organizations[0].id, { sign_in_methods: ['Passkey'], mfa: 'required' });
    const authenticator = new SoftAuthenticator(server.url);
    // Somebody who has none yet gets their first one here: there is no other place.
    const first = await towards(server, '/account/passkeys/add', user.email);
    assert.match(first.path, /^\/account\/passkeys\/add/);
    await givePasskey(server, user.id, authenticator);

    await first.open('/account/passkeys/add');
    assert.doesNotMatch(first.path, /^\/account/, 'what was enough before there was one');
    const thief = await towards(server, '/account/passkeys/add', user.email);
    assert.match(thief.path, /^\/mfa\/passkey/);
    const form = thief.form('/mfa/passkey');
    const asked = await thief.clone().post(form.action.replace('?', '/options?'), form.hidden);
    await thief.post(form.action, { ...form.hidden, credential: authenticator.get(asked.json) });
    assert.match(thief.path, /^\/sign-in\/method/, 'a passkey beside a password is no sign-in with a passkey');
    assert.match(thief.text, /Keys only asks for another way to sign in/);
    assert.match(thief.text, /What you change in your account counts for Keys only, too/);
  });

  it('offers no passkey on the way to another organization', async () => {
    await using server = await start();
    const { id, email } = await makeProtected(server);
    const [plain, demanding] = [await makeOrganization(server, 'Plain'), await makeOrganization(server, 'Strict')];
    for (const organization of [plain, demanding]) await makeMember(server, id, organization.id);
    await changeSettings(server, { mfa: 'off' });
    const towardsPlain = async () => {
      const browser = server.browser();
      await browser.open(server.authorizeUrl({ organization_id: plain.id }));
      await browser.submit({ email, passkeys: '1' }, '/sign-in?');
      return { browser, answer: await browser.submit({ password: goodPassword }, '/sign-in/password') };
    };
    assert.match((await towardsPlain()).browser.path, /^\/passkey\?/, 'offered while nobody asks for more');
    await strict(server, demanding.id, { mfa: 'required' });
    assert.ok(codeOf((await towardsPlain()).answer));
  });

  it('asks for no sign-on where there is no provider, and for no way they do not have', async () => {
    await using server = await start();
    const { user, organizations } = await makeMemberOf(server, ['Acme']);
    for (const sign_in_methods of [['SSO'], ['Passkey'], ['SSO', 'Passkey']]) {
      await strict(server, organizations[0].id, { sign_in_methods });
      const browser = await towards(server, '/account/password', user.email);
      assert.match(browser.path, /^\/account\/password/, sign_in_methods.join());
    }
  });

  it('can be changed by somebody in two organizations that take no way in common', async () => {
    await using server = await start();
    const { user, organizations } = await makeMemberOf(server, ['By password', 'By code']);
    await strict(server, organizations[0].id, { sign_in_methods: ['Password'] });
    await strict(server, organizations[1].id, { sign_in_methods: ['MagicAuth'] });
    const thief = await towards(server, '/account', user.email);
    assert.match(thief.path, /^\/sign-in\/method/);
    assert.match(thief.text, /By code asks for another way to sign in/);
    const [{ id: byPassword }] = organizations;
    assert.ok((await signIn(server, user.email, { authorize: { organization_id: byPassword } })).code);
  });
});

onEachEngine('a code from before an organization asked for more', (start) => {
  it('is exchanged for nothing', async () => {
    await using server = await start();
    const { user, organizations } = await makeMemberOf(server, ['Acme']);
    const { code } = await signIn(server, user.email);
    await strict(server, organizations[0].id, { sign_in_methods: ['SSO'] });
    const { status, json } = await server.token(byCode(code));
    assert.deepEqual([status, json.error], [400, 'invalid_grant']);
  });
});

onEachEngine('an account whose address nobody has proved, where nobody has to', (start) => {
  it('keeps no second factor and no passkey, which would go with the first proof of the inbox', async () => {
    await using server = await start();
    await changeSettings(server, { requireEmailVerification: false });
    const { email } = await makeUser(server, { email_verified: false });
    for (const path of ['/account/second-step', '/account/passkeys/add']) {
      const browser = await towards(server, path, email);
      assert.match(browser.path, /^\/verify-email/, path);
      await browser.open(path);
      assert.match(browser.path, /^\/sign-in\?/, path);
    }
    const browser = server.browser();
    await browser.open(server.authorizeUrl());
    await browser.submit({ email, passkeys: '1' }, '/sign-in?');
    assert.ok(codeOf(await browser.submit({ password: goodPassword }, '/sign-in/password?')), 'no passkey is offered');
    await changeSettings(server, { mfa: 'required' });
    await browser.open(server.authorizeUrl({ prompt: 'login' }));
    await browser.submit({ email }, '/sign-in?');
    await browser.submit({ password: goodPassword }, '/sign-in/password?');
    assert.match(browser.path, /^\/verify-email/);
    await browser.submit({ code: await server.codeFor(email) }, '/verify-email?');
    assert.match(browser.path, /^\/mfa\/enroll/);
  });
});
