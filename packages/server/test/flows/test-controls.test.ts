/** The controls that tests of an app drive a development server with: sign-ins without a page, snapshots, ordered failures. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { addApiKey } from '../../src/api-keys/index.ts';
import { systemTenant } from '../../src/core/index.ts';
import { rotateKey } from '../../src/keys/logic.ts';
import { claimsOf, onEachEngine, type TestServer } from '../harness.ts';
import { byCode, byRefresh, makeUser, pkce } from './steps.ts';

const signIn = (server: TestServer, body: Record<string, unknown>) => server.api('POST', '/dev/sign-ins', body);

const member = async (server: TestServer) => {
  const user = await makeUser(server);
  const { json: organization } = await server.api('POST', '/organizations', { name: 'Acme' });
  const { status } = await server.api('POST', '/user_management/organization_memberships', {
    user_id: user.id,
    organization_id: organization.id,
    role_slug: 'admin',
  });
  assert.equal(status, 201);
  return { user, organizationId: organization.id as string };
};

onEachEngine('a sign-in without a page', (start) => {
  it('ends with a code like any other, and with a browser that is signed in', async () => {
    await using server = await start();
    const { user, organizationId } = await member(server);
    const { status, json } = await signIn(server, { user_id: user.id, organization_id: organizationId });
    assert.equal(status, 201);
    const { json: tokens } = await server.token(byCode(json.code));
    const claims = claimsOf(tokens.access_token);
    assert.deepEqual(
      [tokens.user.id, tokens.organization_id, tokens.authentication_method, claims.sub, claims.org_id, claims.role],
      [user.id, organizationId, 'Password', user.id, organizationId, 'admin'],
    );
    assert.equal((await server.token(byCode(json.code))).json.error, 'invalid_grant');
    assert.equal((await server.token(byRefresh(tokens.refresh_token))).json.user.id, user.id);

    const browser = server.browser();
    browser.cookies.set(json.browser_cookie.name, json.browser_cookie.value);
    const silent = await browser.open(server.authorizeUrl());
    assert.ok(silent.location?.searchParams.get('code'), silent.text);
    const { json: listed } = await server.api('GET', `/user_management/users/${user.id}/sessions`);
    assert.equal(listed.data.length, 1);
    const { json: found } = await server.api('GET', `/user_management/users/${user.id}`);
    assert.notEqual(found.last_sign_in_at, null);
  });

  it('serves a client without a secret, which then has to prove its challenge', async () => {
    await using server = await start();
    const { id } = await makeUser(server);
    const { verifier, asked } = pkce();
    const { json } = await signIn(server, { user_id: id, code_challenge: asked.code_challenge });
    const { status } = await server.token(byCode(json.code, { client_secret: null, code_verifier: verifier }));
    assert.equal(status, 200);
    const again = await signIn(server, { user_id: id, code_challenge: asked.code_challenge });
    const wrong = byCode(again.json.code, { client_secret: null, code_verifier: pkce().verifier });
    assert.equal((await server.token(wrong)).json.error, 'invalid_grant');
  });

  it('names an operator who acts as somebody, whom our own pages do not know', async () => {
    await using server = await start();
    const { id } = await makeUser(server);
    const impersonator = { email: 'grace@example.com', reason: 'A ticket' };
    const { json } = await signIn(server, { user_id: id, impersonator });
    assert.equal(json.browser_cookie, null);
    const { json: tokens } = await server.token(byCode(json.code));
    assert.deepEqual(tokens.impersonator, impersonator);
    assert.equal(tokens.authentication_method, 'Impersonation');
  });

  it('refuses people and organizations that are not there, and a second proof without a first', async () => {
    await using server = await start();
    const { user, organizationId } = await member(server);
    const other = await makeUser(server);
    const answers = [
      await signIn(server, { user_id: 'user_unknown' }),
      await signIn(server, { user_id: other.id, organization_id: organizationId }),
      await signIn(server, { user_id: user.id, organization_id: 'org_unknown' }),
      await signIn(server, { user_id: user.id, proved: ['totp'] }),
    ];
    assert.deepEqual(
      answers.map(({ status }) => status),
      [404, 400, 400, 422],
    );
  });

  it('is for the dev key alone: another key of the environment is refused', async () => {
    await using server = await start();
    const { id } = await makeUser(server);
    const { services } = server.running;
    const { secret } = await services.db.transaction((tx) =>
      addApiKey(services, tx, systemTenant(server.environmentId), { name: 'Other', createdBy: null }),
    );
    const headers = { authorization: `Bearer ${secret.reveal()}` };
    assert.equal((await server.api('GET', `/user_management/users/${id}`, undefined, headers)).status, 200);
    for (const [method, path, body] of [
      ['POST', '/dev/sign-ins', { user_id: id }],
      ['POST', '/dev/failures', { path: '/', status: 500 }],
      ['DELETE', '/dev/failures', undefined],
      ['GET', '/dev/events', undefined],
    ] as const) {
      assert.equal((await server.api(method, path, body, headers)).status, 401, path);
    }
  });
});

onEachEngine('a snapshot', (start) => {
  it('brings back people, sessions, events and the time', async () => {
    await using server = await start();
    const { user, organizationId } = await member(server);
    const { json } = await signIn(server, { user_id: user.id, organization_id: organizationId });
    const { json: tokens } = await server.token(byCode(json.code));
    server.clock.advance(3600);
    const seen = async () => ({
      users: (await server.api('GET', '/user_management/users')).json.data,
      sessions: (await server.api('GET', `/user_management/users/${user.id}/sessions`)).json.data,
      events: (await server.api('GET', '/dev/events')).json.data,
      clock: (await server.api('GET', '/dev/clock')).json.offset_seconds,
    });
    const before = await seen();
    const { json: snapshot } = await server.api('POST', '/dev/snapshots', {});

    await server.api('DELETE', `/user_management/users/${user.id}`);
    await makeUser(server);
    server.clock.advance(86_400);
    assert.equal((await server.token(byRefresh(tokens.refresh_token))).json.error, 'invalid_grant');
    const restored = await server.api('POST', `/dev/snapshots/${snapshot.id}/restore`, {});

    assert.equal(restored.status, 204);
    assert.deepEqual(await seen(), before);
    assert.equal((await server.token(byRefresh(tokens.refresh_token))).status, 200);
  });
});

onEachEngine('the signing keys', (start) => {
  it('stay through a restored snapshot from before them and through a reset: apps remember what JWKS showed', async () => {
    await using server = await start();
    const keyIds = async () =>
      (await server.api('GET', `/sso/jwks/${server.clientId}`)).json.keys.map(({ kid }: { kid: string }) => kid);
    const signs = async () => {
      const { json } = await signIn(server, { user_id: (await makeUser(server)).id });
      const { access_token } = (await server.token(byCode(json.code))).json;
      return JSON.parse(Buffer.from(access_token.split('.')[0], 'base64url').toString()).kid;
    };
    const { json: snapshot } = await server.api('POST', '/dev/snapshots', {});
    const shown = await keyIds();
    for (const path of [`/dev/snapshots/${snapshot.id}/restore`, '/dev/reset']) {
      assert.equal((await server.api('POST', path, {})).status, 204);
      assert.deepEqual([await keyIds(), [await signs()]], [shown, shown], path);
    }
  });

  it('are those of the snapshot when it has some', async () => {
    await using server = await start();
    const keys = async () => (await server.api('GET', `/sso/jwks/${server.clientId}`)).json.keys;
    const before = await keys();
    const { json: snapshot } = await server.api('POST', '/dev/snapshots', {});
    await rotateKey(server.running.services, systemTenant(server.environmentId), { emergency: false });
    assert.equal((await keys()).length, 2);
    await server.api('POST', `/dev/snapshots/${snapshot.id}/restore`, {});
    assert.deepEqual(await keys(), before);
  });
});

onEachEngine('an ordered failure', (start) => {
  it('is answered as often as was ordered, to the requests it names', async () => {
    await using server = await start();
    const statuses = async (method: string, path: string, times: number) => {
      const all: number[] = [];
      for (let n = 0; n < times; n++) all.push((await server.api(method, path)).status);
      return all;
    };
    const order = (body: Record<string, unknown>) => server.api('POST', '/dev/failures', body);
    assert.equal((await order({ method: 'get', path: '/organizations', status: 503, times: 2 })).status, 204);
    assert.deepEqual(await statuses('GET', '/user_management/users', 1), [200]);
    assert.deepEqual(await statuses('GET', '/organizations?limit=1', 3), [503, 503, 200]);

    await order({ path: '/user_management/*', status: 429, headers: { 'retry-after': '1' }, body: { error: 'slow' } });
    const refused = await server.api('GET', '/user_management/users');
    assert.deepEqual([refused.status, refused.json, refused.headers.get('retry-after')], [429, { error: 'slow' }, '1']);

    await order({ path: '/*', status: 500, times: 100 });
    assert.deepEqual(await statuses('GET', '/dev/clock', 1), [200]);
    assert.match((await server.api('GET', '/organizations')).json.message, /A test ordered GET \/organizations/);
    assert.equal((await server.api('DELETE', '/dev/failures')).status, 204);
    assert.deepEqual(await statuses('GET', '/organizations', 1), [200]);
  });

  it('can be read by a script of a listed origin, whose preflight uses none of it up', async () => {
    await using server = await start();
    const path = '/user_management/authenticate';
    const [listed, unlisted] = ['http://localhost:5173', 'https://evil.example'];
    const call = async (origin: string, method: string) => {
      const asked = method === 'OPTIONS' ? { 'access-control-request-method': 'POST' } : {};
      const { status, headers } = await fetch(server.url + path, { method, headers: { origin, ...asked } });
      return [status, headers.get('access-control-allow-origin'), headers.get('vary')];
    };
    const everyOrigin = async () => {
      const { status, headers } = await fetch(`${server.url}/sso/jwks/${server.clientId}`, {
        headers: { origin: listed },
      });
      return [status, headers.get('access-control-allow-origin')];
    };
    await server.api('POST', '/dev/failures', { path, status: 503, times: 2 });
    assert.deepEqual(await call(listed, 'OPTIONS'), [204, listed, 'Origin']);
    assert.deepEqual(await call(listed, 'POST'), [503, listed, 'Origin']);
    assert.deepEqual(await call(unlisted, 'OPTIONS'), [204, null, 'Origin']);
    assert.deepEqual(await call(unlisted, 'POST'), [503, null, 'Origin']);
    assert.equal((await call(listed, 'POST'))[0], 400, 'more than the two that were ordered');

    await server.api('POST', '/dev/failures', { path: '/*', status: 500 });
    assert.deepEqual(await everyOrigin(), [500, '*']);
    await server.api('POST', '/dev/failures', { method: 'options', path, status: 500 });
    assert.equal((await call(listed, 'OPTIONS'))[0], 500, 'an outage of preflights is one, too');
    await server.api('POST', '/dev/failures', { path: '/organizations', status: 500 });
    const { status, headers } = await fetch(`${server.url}/organizations`, { headers: { origin: listed } });
    assert.deepEqual([status, headers.get('access-control-allow-origin')], [500, null], 'what only servers call');
  });

  it('ends with a restored snapshot and with a reset', async () => {
    await using server = await start();
    const { json: snapshot } = await server.api('POST', '/dev/snapshots', {});
    for (const path of [`/dev/snapshots/${snapshot.id}/restore`, '/dev/reset']) {
      await server.api('POST', '/dev/failures', { path: '/*', status: 500 });
      await server.api('POST', path, {});
      assert.equal((await server.api('GET', '/organizations')).status, 200, path);
    }
  });

  it('has to be one', async () => {
    await using server = await start();
    for (const wrong of [
      { path: '/' },
      { path: 'x', status: 500 },
      { path: '/', status: 200 },
      { path: '/', status: 500, times: 0 },
    ])
      assert.equal((await server.api('POST', '/dev/failures', wrong)).status, 422, JSON.stringify(wrong));
  });
});
