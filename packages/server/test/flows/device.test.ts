import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as oauth from 'openid-client';
import { type Answer, claimsOf, goodPassword, onEachEngine, type TestBrowser, type TestServer } from '../harness.ts';
import { makeProtected } from './mfa-steps.ts';
import { makeMemberOf, membershipsOf } from './organization-steps.ts';
import { changeSettings, eventsNamed, makeUser, otherEnvironment, signedInBrowser } from './steps.ts';

const grantType = 'urn:ietf:params:oauth:grant-type:device_code';

onEachEngine('signing in on a device', (start) => {
  let server: TestServer;
  before(async () => {
    server = await start();
  });
  after(() => server[Symbol.asyncDispose]());

  const begin = async (own = server) => {
    const headers = { authorization: '', 'user-agent': 'acme-cli/4.2' };
    return (await own.api('POST', '/user_management/authorize/device', { client_id: own.clientId }, headers)).json;
  };
  const poll = (device_code: string, more: Record<string, string | null> = {}, own = server) =>
    own.token({ client_secret: null, grant_type: grantType, device_code, ...more });
  const refused = ({ status, json }: Answer) => [status, json.error];
  /** Types the code in a browser and signs in where that is asked for. */
  const reach = async (userCode: string, browser: TestBrowser, email?: string) => {
    await browser.open('/device');
    await browser.submit({ user_code: userCode }, '/device');
    if (email !== undefined && browser.path.startsWith('/sign-in')) {
      await browser.submit({ email }, '/sign-in?');
      await browser.submit({ password: goodPassword }, '/sign-in/password');
    }
  };

  it('signs a device in to no organization that the person has left meanwhile', async () => {
    const { user, organizations } = await makeMemberOf(server, ['Acme', 'Globex']);
    const browser = server.browser();
    await browser.open(server.authorizeUrl({ organization_id: organizations[0].id }));
    await browser.submit({ email: user.email }, '/sign-in?');
    await browser.submit({ password: goodPassword }, '/sign-in/password');
    const [membership] = await membershipsOf(server, `user_id=${user.id}&organization_id=${organizations[0].id}`);
    await server.api('DELETE', `/user_management/organization_memberships/${membership.id}`);
    const { device_code: deviceCode, user_code: userCode } = await begin();
    await reach(userCode, browser, user.email);
    if (browser.path.startsWith('/organization')) await browser.submit({ organization: organizations[1].id });
    await browser.submit({ answer: 'approved' }, '/device/confirm');
    const { status, json, text } = await poll(deviceCode);
    assert.equal(status, 200, text);
    assert.equal(json.organization_id, organizations[1].id);
  });

  it('goes from the code over a sign-in to the tokens, and is a session of its own', async () => {
    const { device_code: deviceCode, user_code: userCode } = await begin();
    assert.deepEqual(refused(await poll(deviceCode)), [400, 'authorization_pending']);
    const { email, id } = await makeUser(server);
    const browser = server.browser();
    await reach(userCode.toLowerCase(), browser, email);
    assert.equal(browser.path, '/device/confirm');
    for (const shown of [userCode, 'acme-cli/4.2', '127.0.0.1', email, 'Your app'])
      assert.ok(browser.text.includes(shown), shown);
    server.clock.advance(6);
    assert.deepEqual(refused(await poll(deviceCode)), [400, 'authorization_pending']);
    await browser.submit({ answer: 'approved' }, '/device/confirm');
    assert.match(browser.text, /The device is signed in/);

    server.clock.advance(6);
    const { status, json } = await poll(deviceCode);
    assert.equal(status, 200);
    assert.equal(json.user.id, id);
    assert.equal(json.token_type, 'Bearer');
    assert.equal(json.expires_in, 300);
    assert.equal(json.authentication_method, 'Password');
    const { sid } = claimsOf(json.access_token);
    assert.deepEqual(refused(await poll(deviceCode)), [400, 'invalid_grant']);
    const refreshed = await server.token({
      client_secret: null,
      grant_type: 'refresh_token',
      refresh_token: json.refresh_token,
    });
    assert.equal(claimsOf(refreshed.json.access_token).sid, sid);
    const [session] = (await server.api('GET', `/user_management/users/${id}/sessions`)).json.data;
    assert.equal(session.id, sid);
    assert.deepEqual((await eventsNamed(server, 'device_authorization.approved')).at(-1)?.user_id, id);

    // The browser and the device sign out of themselves only.
    await browser.open(`/user_management/sessions/logout?session_id=${sid}`);
    assert.notEqual((await browser.open(server.authorizeUrl())).location, null);
  });

  it('asks nobody to sign in who is signed in, and tells the device of a refusal', async () => {
    const { device_code: deviceCode, verification_uri_complete: complete } = await begin();
    const { browser } = await signedInBrowser(server);
    await browser.open(complete);
    assert.deepEqual(refused(await poll(deviceCode)), [400, 'authorization_pending']);
    const filledIn = /name="user_code"[^>]*value="([^"]+)"/.exec(browser.text)?.[1] ?? '';
    await browser.submit({ user_code: filledIn }, '/device');
    assert.equal(browser.path, '/device/confirm');
    await browser.submit({ answer: 'denied' }, '/device/confirm');
    assert.match(browser.text, /turned away/);
    assert.deepEqual(refused(await poll(deviceCode)), [400, 'access_denied']);
  });

  it('needs the second factor and the proof of the address that its app needs', async () => {
    const { user_code: userCode, device_code: deviceCode } = await begin();
    const email = 'unproven@example.com';
    await server.create.user({ email, password: goodPassword });
    const browser = server.browser();
    await reach(userCode, browser, email);
    assert.match(browser.path, /^\/verify-email/);
    await browser.open('/device/confirm');
    assert.doesNotMatch(browser.path, /^\/device/);
    assert.deepEqual(refused(await poll(deviceCode)), [400, 'authorization_pending']);
  });

  it('asks for the second factor before it asks about the device', async () => {
    const { user_code: userCode, device_code: deviceCode } = await begin();
    const { email, app } = await makeProtected(server);
    const browser = server.browser();
    await reach(userCode, browser, email);
    assert.match(browser.path, /^\/mfa\?/);
    await browser.open('/device/confirm');
    assert.doesNotMatch(browser.path, /^\/device/);
    await browser.submit({ email }, '/sign-in?').catch(() => null);
    if (browser.path.startsWith('/sign-in/password'))
      await browser.submit({ password: goodPassword }, '/sign-in/password');
    await browser.submit({ code: app.code() }, '/mfa');
    assert.equal(browser.path, '/device/confirm');
    await browser.submit({ answer: 'approved' }, '/device/confirm');
    assert.equal((await poll(deviceCode)).status, 200);
  });

  it('is a sign-in to the organization of whoever has one', async () => {
    const { email, id } = await makeUser(server);
    const { json: organization } = await server.api('POST', '/organizations', { name: 'Acme' });
    const membership = { user_id: id, organization_id: organization.id };
    await server.api('POST', '/user_management/organization_memberships', membership);
    const { user_code: userCode, device_code: deviceCode } = await begin();
    const browser = server.browser();
    await reach(userCode, browser, email);
    await browser.submit({ answer: 'approved' }, '/device/confirm');
    const { json } = await poll(deviceCode);
    assert.equal(json.organization_id, organization.id);
  });

  it('serves a client that knows the RFC and nothing of us', async () => {
    const issuer = {
      issuer: server.url,
      device_authorization_endpoint: `${server.url}/user_management/authorize/device`,
      token_endpoint: `${server.url}/user_management/authenticate`,
    };
    const config = new oauth.Configuration(issuer, server.clientId, undefined, oauth.None());
    oauth.allowInsecureRequests(config);
    const asked = await oauth.initiateDeviceAuthorization(config, {});
    const { browser, id } = await signedInBrowser(server);
    await reach(asked.user_code, browser);
    await browser.submit({ answer: 'approved' }, '/device/confirm');
    const tokens = await oauth.pollDeviceAuthorizationGrant(config, { ...asked, interval: 0.1 });
    assert.equal(claimsOf(tokens.access_token).sub, id);
    assert.equal(tokens.expires_in, 300);
  });

  describe('an attacker', () => {
    it('approves nothing by an address, or in a browser where no code was typed', async () => {
      const { device_code: deviceCode, verification_uri_complete: complete } = await begin();
      const { browser } = await signedInBrowser(server);
      await browser.open(complete);
      await browser.open('/device/confirm');
      assert.match(browser.path, /^\/device$/);
      await browser.open('/device/done?answer=approved');
      server.clock.advance(6);
      assert.deepEqual(refused(await poll(deviceCode)), [400, 'authorization_pending']);
    });

    it('approves nothing with a form of another browser, another site or another person', async () => {
      const { device_code: deviceCode, user_code: userCode } = await begin();
      const victim = await signedInBrowser(server);
      await reach(userCode, victim.browser);
      const { hidden } = victim.browser.form('/device/confirm');
      const fields = { ...hidden, answer: 'approved' };
      const stranger = server.browser();
      assert.equal((await stranger.post('/device/confirm', fields)).status, 403);
      const { browser: other } = await signedInBrowser(server);
      await other.open('/device');
      assert.equal((await other.post('/device/confirm', fields)).status, 403);
      const crossSite = await victim.browser.post('/device/confirm', fields, { 'sec-fetch-site': 'cross-site' });
      assert.equal(crossSite.status, 403);
      const noToken = await victim.browser.post('/device/confirm', { ...fields, csrf: 'x' });
      assert.equal(noToken.status, 403);
      const typedForThem = await victim.browser.post('/device', { csrf: 'x', user_code: userCode });
      assert.equal(typedForThem.status, 403);
      server.clock.advance(6);
      assert.deepEqual(refused(await poll(deviceCode)), [400, 'authorization_pending']);
    });

    it('makes no cookie up, and answers no second time', async () => {
      const { device_code: deviceCode, user_code: userCode } = await begin();
      const { browser } = await signedInBrowser(server);
      await reach(userCode, browser);
      const { hidden } = browser.form('/device/confirm');
      const copy = browser.clone();
      const made = browser.clone();
      made.cookies.set('authkit-typed-code', encodeURIComponent(JSON.stringify({ secret: 'x' })));
      await made.open('/device/confirm');
      assert.equal(made.path, '/device');
      await browser.submit({ answer: 'denied' }, '/device/confirm');
      const again = await copy.post('/device/confirm', { ...hidden, answer: 'approved' });
      assert.match(again.text, /no longer waits/);
      assert.deepEqual(refused(await poll(deviceCode)), [400, 'access_denied']);
    });

    it('gets one session out of one approval, with ten devices', async () => {
      const { device_code: deviceCode, user_code: userCode } = await begin();
      const { browser, id } = await signedInBrowser(server);
      await reach(userCode, browser);
      await browser.submit({ answer: 'approved' }, '/device/confirm');
      const answers = await Promise.all(Array.from({ length: 10 }, () => poll(deviceCode)));
      assert.equal(answers.filter(({ status }) => status === 200).length, 1);
      assert.equal((await server.api('GET', `/user_management/users/${id}/sessions`)).json.data.length, 1);
    });

    it('gets nothing for another client, after a sign-out, or once the flow is off', async () => {
      const other = await otherEnvironment(server);
      const approved = async (own = server) => {
        const { device_code: deviceCode, user_code: userCode } = await begin(own);
        const person = await signedInBrowser(own);
        await person.browser.open('/device');
        await person.browser.submit({ user_code: userCode }, '/device');
        await person.browser.submit({ answer: 'approved' }, '/device/confirm');
        return { deviceCode, ...person };
      };
      const first = await approved();
      assert.deepEqual(refused(await poll(first.deviceCode, { client_id: other.clientId })), [400, 'invalid_grant']);
      await server.api('PUT', `/user_management/users/${first.id}`, { password: `${goodPassword} and more` });
      assert.deepEqual(refused(await poll(first.deviceCode)), [400, 'access_denied']);
      await using own = await start();
      const { deviceCode } = await approved(own);
      await changeSettings(own, { deviceAuthorization: false });
      assert.deepEqual(refused(await poll(deviceCode, {}, own)), [400, 'access_denied']);
    });

    it('gets nothing where more is asked by now than its person has shown', async () => {
      await using own = await start();
      const { device_code: deviceCode, user_code: userCode } = await begin(own);
      const { browser } = await signedInBrowser(own);
      await reach(userCode, browser);
      await browser.submit({ answer: 'approved' }, '/device/confirm');
      await changeSettings(own, { mfa: 'required' });
      assert.deepEqual(refused(await poll(deviceCode, {}, own)), [400, 'access_denied']);
    });

    it('is stopped guessing codes, whatever browser they use', async () => {
      await using own = await start();
      let last = 0;
      for (let guess = 0; guess < 31; guess++) {
        const browser = own.browser();
        await browser.open('/device');
        last = (await browser.submit({ user_code: 'BBBB-BBBB' }, '/device')).status;
        if (guess < 30) assert.equal(last, 422);
      }
      assert.equal(last, 429);
    });
  });

  it('slows an impatient device down in words a command line can show', async () => {
    const { device_code: deviceCode } = await begin();
    await poll(deviceCode);
    const { status, json } = await poll(deviceCode);
    assert.deepEqual(
      [status, json.error, json.error_description],
      [400, 'slow_down', 'You ask too often. Wait 10 seconds between two requests from now on.'],
    );
    server.clock.advance(601);
    assert.deepEqual(refused(await poll(deviceCode)), [400, 'expired_token']);
    const form = await fetch(`${server.url}/user_management/authenticate`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: grantType, device_code: 'nonsense', client_id: server.clientId }),
    });
    assert.deepEqual([form.status, ((await form.json()) as { error: string }).error], [400, 'invalid_grant']);
  });
});
