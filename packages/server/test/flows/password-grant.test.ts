import assert from 'node:assert/strict';
import { it } from 'node:test';
import { claimsOf, goodPassword, onEachEngine, type TestServer } from '../harness.ts';
import { changeSettings, eventsNamed, makeUser, otherEnvironment } from './steps.ts';

const byPassword = (server: TestServer, email: string, more: Record<string, string | null> = {}) =>
  server.token({ grant_type: 'password', email, password: goodPassword, ...more });

onEachEngine('the password grant', (start) => {
  it('gives tokens to an app with a page of its own, and the session says how', async () => {
    await using server = await start();
    const { id, email } = await makeUser(server);
    const { status, json } = await byPassword(server, email.toUpperCase(), { ip_address: '203.0.113.9' });
    assert.equal(status, 200);
    assert.deepEqual(Object.keys(json).sort(), ['access_token', 'authentication_method', 'refresh_token', 'user']);
    assert.equal(json.authentication_method, 'Password');
    assert.equal(claimsOf(json.access_token).sub, id);
    const { json: sessions } = await server.api('GET', `/user_management/users/${id}/sessions`);
    assert.deepEqual(
      sessions.data.map(({ auth_method, ip_address }: Record<string, string>) => ({ auth_method, ip_address })),
      [{ auth_method: 'password', ip_address: '203.0.113.9' }],
    );
    const refreshed = await server.token({ grant_type: 'refresh_token', refresh_token: json.refresh_token });
    assert.equal(refreshed.json.authentication_method, 'Password');
    assert.deepEqual(
      (await eventsNamed(server, 'sign_in.completed')).map(({ authentication_method }) => authentication_method),
      ['Password'],
    );
  });

  it('answers an unknown address exactly like a wrong password', async () => {
    await using server = await start();
    const { email } = await makeUser(server);
    const wrong = await byPassword(server, email, { password: 'not the passphrase' });
    assert.equal(wrong.status, 400);
    assert.deepEqual(wrong.json, { code: 'invalid_credentials', message: `Invalid credentials for '${email}'.` });
    const unknown = await byPassword(server, 'nobody@example.com');
    assert.equal(unknown.status, 400);
    assert.deepEqual(unknown.json, {
      code: 'invalid_credentials',
      message: "Invalid credentials for 'nobody@example.com'.",
    });
  });

  it('keeps no record of an address that is too long to be one', async () => {
    await using server = await start();
    const email = `${'a'.repeat(500_000)}@example.com`;
    const byCode: Record<string, string> = {
      grant_type: 'urn:workos:oauth:grant-type:magic-auth:code',
      code: '123456',
    };
    for (const more of [{}, byCode]) {
      const { status, json, text } = await byPassword(server, email, more);
      assert.deepEqual([status, json.error], [400, 'invalid_request']);
      assert.ok(text.length < 500, 'the answer repeats it');
    }
    assert.deepEqual(await eventsNamed(server, 'authentication.password_failed'), []);
  });

  it('shares its limit with the pages and every spelling of the address', async () => {
    await using server = await start();
    const { email } = await makeUser(server);
    for (let attempt = 0; attempt < 10; attempt++) {
      const spelt = attempt % 2 ? email.toUpperCase() : email;
      assert.equal((await byPassword(server, spelt, { password: 'wrong' })).status, 400);
    }
    assert.equal((await byPassword(server, email)).status, 429);
    const browser = server.browser();
    await browser.open(server.authorizeUrl());
    await browser.submit({ email }, '/sign-in?');
    assert.equal((await browser.submit({ password: goodPassword }, '/sign-in/password')).status, 429);
  });

  it('is refused to public clients, to other environments and where passwords are off', async () => {
    await using server = await start();
    const { email } = await makeUser(server);
    assert.equal((await byPassword(server, email, { client_secret: null })).json.error, 'unauthorized_client');
    const other = await otherEnvironment(server);
    const there = await byPassword(server, email, { client_id: other.clientId, client_secret: other.apiKey });
    assert.equal(there.json.code, 'invalid_credentials');
    await changeSettings(server, { passwordSignIn: false });
    assert.equal((await byPassword(server, email)).json.code, 'email_password_auth_disabled');
  });

  it('asks for the inbox first, with a token that only this client can use, once per step', async () => {
    await using server = await start();
    const { email } = await makeUser(server, { email_verified: false });
    const { status, json } = await byPassword(server, email);
    assert.equal(status, 403);
    assert.deepEqual(json, {
      code: 'email_verification_required',
      message: 'Email ownership must be verified before authentication.',
      pending_authentication_token: json.pending_authentication_token,
      email,
      email_verification_id: json.email_verification_id,
    });
    assert.match(json.email_verification_id, /^email_verification_/);
    assert.match(await server.codeFor(email), /^\d{6}$/);
    // The wrong step: no organization is asked for.
    const skipped = await server.token({
      grant_type: 'urn:workos:oauth:grant-type:organization-selection',
      pending_authentication_token: json.pending_authentication_token,
      organization_id: 'org_1',
    });
    assert.equal(skipped.status, 400);
    assert.equal(skipped.json.code, 'invalid_pending_authentication_token');
    assert.equal('error' in skipped.json, false);
  });
});
