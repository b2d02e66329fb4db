/** For how long the word of an organization's provider counts in other organizations: as long as the domain is its own. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { systemTenant } from '../../src/core/index.ts';
import { grantTypes } from '../../src/protocol/index.ts';
import { deactivateConnection } from '../../src/sso/connections.ts';
import { onEachEngine, type TestServer } from '../harness.ts';
import { type OidcProvider, startOidcProvider } from '../oidc-provider.ts';
import { makeInvitation, makeMember, makeOrganization } from './organization-steps.ts';
import { connect, signInByConnection } from './sso-steps.ts';
import { byCode, byRefresh, codeOf, forgetRounds, makeUser } from './steps.ts';

onEachEngine('the word of an organization’s provider in another organization', (start) => {
  it('counts no more, at a refresh or silently, once the domain is not the organization’s', async () => {
    await using server: TestServer = await start();
    await using provider = await startOidcProvider();
    const acme = await connect(server, provider);
    const user = await makeUser(server, { email: 'grace@acme.com' });
    const other = await makeOrganization(server, 'Other');
    for (const id of [acme.organization.id, other.id]) await makeMember(server, user.id, id);
    provider.person = { sub: 'grace-1', email: user.email };
    const { browser, done } = await signInByConnection(server, provider, { connection_id: acme.connectionId });
    const first = await server.token(byCode(codeOf(done)));
    assert.equal(first.status, 200, first.text);
    const there = await server.token(byRefresh(first.json.refresh_token, { organization_id: other.id }));
    assert.deepEqual([there.status, there.json.organization_id], [200, other.id], there.text);
    const silently = () => {
      forgetRounds(browser);
      return browser.open(server.authorizeUrl({ organization_id: other.id }));
    };
    assert.ok(codeOf(await silently()), 'its word counted while the domain was its own');

    const { json: organization } = await server.api('GET', `/organizations/${acme.organization.id}`);
    const gone = await server.api('DELETE', `/organization_domains/${organization.domains[0].id}`);
    assert.ok(gone.status < 300, gone.text);
    const refused = await server.token(byRefresh(there.json.refresh_token));
    assert.equal(refused.status, 400, refused.text);
    assert.equal((await silently()).location?.searchParams.get('code') ?? null, null);
    const home = await server.token(byRefresh(there.json.refresh_token, { organization_id: acme.organization.id }));
    assert.equal(home.status, 200, `at home it counts still: ${home.text}`);
  });

  /** Somebody whose address Acme has proved, a member of Other too, signed in at Acme's provider in a browser. */
  const signedOn = async (server: TestServer, provider: OidcProvider) => {
    const acme = await connect(server, provider);
    const user = await makeUser(server, { email: 'grace@acme.com' });
    const other = await makeOrganization(server, 'Other');
    for (const id of [acme.organization.id, other.id]) await makeMember(server, user.id, id);
    provider.person = { sub: 'grace-1', email: user.email };
    const { browser, done } = await signInByConnection(server, provider, { connection_id: acme.connectionId });
    const loseDomain = async () => {
      const { json } = await server.api('GET', `/organizations/${acme.organization.id}`);
      const gone = await server.api('DELETE', `/organization_domains/${json.domains[0].id}`);
      assert.ok(gone.status < 300, gone.text);
    };
    const switchOff = () =>
      deactivateConnection(server.running.services, systemTenant(server.environmentId), acme.connectionId);
    const codeFor = async (organizationId: string) => {
      forgetRounds(browser);
      return codeOf(await browser.open(server.authorizeUrl({ organization_id: organizationId })));
    };
    return { acme, user, other, browser, code: codeOf(done), codeFor, loseDomain, switchOff };
  };

  it('exchanges no code that was issued while the domain was its own, except at home', async () => {
    await using server: TestServer = await start();
    await using provider = await startOidcProvider();
    const { acme, other, codeFor, loseDomain, switchOff } = await signedOn(server, provider);
    const [elsewhere, home, later] = [
      await codeFor(other.id),
      await codeFor(acme.organization.id),
      await codeFor(acme.organization.id),
    ];
    await loseDomain();
    const refused = await server.token(byCode(elsewhere));
    assert.deepEqual([refused.status, refused.json.error], [400, 'invalid_grant'], refused.text);
    const again = await server.token(byCode(elsewhere));
    assert.deepEqual([again.status, again.json.error], [400, 'invalid_grant'], 'it is spent');
    const atHome = await server.token(byCode(home));
    assert.deepEqual([atHome.status, atHome.json.organization_id], [200, acme.organization.id], atHome.text);
    await switchOff();
    const off = await server.token(byCode(later));
    assert.deepEqual([off.status, off.json.error], [400, 'invalid_grant'], off.text);
  });

  it('follows no invitation that comes with a code into another organization, once the domain is not its own', async () => {
    await using server: TestServer = await start();
    await using provider = await startOidcProvider();
    const { acme, user, codeFor, loseDomain } = await signedOn(server, provider);
    const [third, fourth] = [await makeOrganization(server, 'Third'), await makeOrganization(server, 'Fourth')];
    const redeem = async (organizationId: string, code: string) => {
      const { token } = await makeInvitation(server, user.email, { organization_id: organizationId });
      return server.token({ ...byCode(code), invitation_token: token });
    };
    const [before, after] = [await codeFor(acme.organization.id), await codeFor(acme.organization.id)];
    assert.equal((await redeem(third.id, before)).json.organization_id, third.id, 'while its word counts');
    await loseDomain();
    const answer = await redeem(fourth.id, after);
    assert.deepEqual([answer.status, answer.json.organization_id], [200, acme.organization.id], answer.text);
  });

  it('opens no account page, once the domain is not its own or the connection is off', async () => {
    await using server: TestServer = await start();
    await using provider = await startOidcProvider();
    const { user, browser, loseDomain, switchOff } = await signedOn(server, provider);
    assert.match((await browser.open('/account')).text, /grace@acme\.com/);
    const held = browser.clone();
    await held.open('/account/profile');
    const form = held.form('/account/profile?');
    await loseDomain();
    assert.doesNotMatch((await browser.open('/account')).text, /grace@acme\.com/);
    assert.match(browser.path, /^\/sign-in/);
    await held.post(form.action, { ...form.hidden, name: 'Mallory', first_name: 'Mallory', last_name: 'Mallory' });
    const { json } = await server.api('GET', `/user_management/users/${user.id}`);
    assert.deepEqual([json.first_name, json.name], [null, null]);
    await switchOff();
    await browser.open('/account');
    assert.match(browser.path, /^\/sign-in/);
  });

  it('lets a device in at home alone, once the domain is not its own, and nowhere when the connection is off', async () => {
    await using server: TestServer = await start();
    await using provider = await startOidcProvider();
    const { acme, browser, loseDomain, switchOff } = await signedOn(server, provider);
    const ask = async () => {
      const asked = { client_id: server.clientId };
      return (await server.api('POST', '/user_management/authorize/device', asked, { authorization: '' })).json;
    };
    const poll = (device_code: string) =>
      server.token({ client_secret: null, grant_type: grantTypes.deviceCode, device_code });
    const approve = async (device: { user_code: string }) => {
      await browser.open('/device');
      await browser.submit({ user_code: device.user_code }, '/device');
      return browser.submit({ answer: 'approved' }, '/device/confirm');
    };
    const [first, second, third] = [await ask(), await ask(), await ask()];
    await loseDomain();
    await approve(first);
    assert.equal((await poll(first.device_code)).json.organization_id, acme.organization.id);
    await approve(second);
    await browser.open('/device');
    await browser.submit({ user_code: third.user_code }, '/device');
    const { action, hidden } = browser.form('/device/confirm');
    await switchOff();
    const answered = await poll(second.device_code);
    assert.ok(answered.status === 400 && !('access_token' in answered.json), answered.text);
    await browser.post(action, { ...hidden, answer: 'approved' });
    assert.match(browser.path, /^\/sign-in/);
    assert.equal((await poll(third.device_code)).json.error, 'authorization_pending');
  });
});
