import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { goodPassword, onEachEngine } from '../harness.ts';

onEachEngine('the first sign-in', (start) => {
  it('signs a person up, hands the app their tokens, and signs them in again with the password', async () => {
    await using server = await start();
    const { user, accessToken, claims } = await server.signedUp('grace@example.com');

    const keys = (await server.api('GET', `/sso/jwks/${server.clientId}`)).json;
    const { payload, protectedHeader } = await jwtVerify(accessToken, createLocalJWKSet(keys));
    assert.equal(protectedHeader.typ, 'JWT');
    assert.equal(payload.sub, user.id);
    assert.equal(payload.iss, `${server.url}/user_management/${server.clientId}`);
    assert.equal(claims.exp - claims.iat, 300);

    const browser = server.browser();
    await browser.open(server.authorizeUrl({ state: 'kept' }));
    await browser.submit({ email: 'Grace@Example.com' });
    const done = await browser.submit({ password: goodPassword });
    assert.equal(done.location?.searchParams.get('state'), 'kept');
    const { json } = await server.token({
      grant_type: 'authorization_code',
      code: done.location?.searchParams.get('code') ?? '',
    });
    assert.equal(json.user.id, user.id);
    assert.equal(json.user.email_verified, true);
  });
});
