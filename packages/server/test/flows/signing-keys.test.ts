import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { createLocalJWKSet, decodeProtectedHeader, errors, type JSONWebKeySet, jwtVerify } from 'jose';
import { forgetEverything } from '../../src/core/index.ts';
import { rotateDueKeys } from '../../src/keys/index.ts';
import { onEachEngine, type TestBrowser, type TestServer } from '../harness.ts';
import { asOperator, becomeOwner, newSession, otherEnvironment, signedInBrowser } from './steps.ts';

const day = 86_400;

onEachEngine('signing keys', (start) => {
  let server: TestServer;
  let owner: TestBrowser;
  before(async () => {
    server = await start();
    owner = await becomeOwner(server);
  });
  after(() => server[Symbol.asyncDispose]());

  const jwks = async (clientId = server.clientId): Promise<JSONWebKeySet> => {
    // Another node, or this one five seconds later.
    forgetEverything();
    return (await server.api('GET', `/sso/jwks/${clientId}`)).json;
  };
  const kidsOf = async () => (await jwks()).keys.map(({ kid }) => kid);
  const newToken = async () => {
    const { browser } = await signedInBrowser(server);
    return (await newSession(server, browser)).access_token;
  };
  const verify = async (token: string, keys?: JSONWebKeySet) =>
    jwtVerify(token, createLocalJWKSet(keys ?? (await jwks())), {
      currentDate: server.clock.now(),
      issuer: `${server.url}/user_management/${server.clientId}`,
      algorithms: ['RS256'],
    });
  const rotate = async (emergency: boolean) => {
    const browser = await freshOperator();
    return asOperator(server, browser, 'POST', '/dashboard/api/signing_keys/rotate', { body: { emergency } });
  };
  /** Rotating asks for a proof that is not older than a quarter of an hour. */
  const freshOperator = async () => {
    await owner.open('/dashboard/login?fresh=1');
    await owner.submit({ email: 'owner@example.com' });
    await owner.submit({ password: 'a perfectly fine passphrase' });
    return owner;
  };
  const states = async () =>
    (await asOperator(server, await freshOperator(), 'GET', '/dashboard/api/signing_keys')).json.data.map(
      ({ state }: { state: string }) => state,
    );

  it('are published with their public half only, and verify what they signed', async () => {
    const answer = await server.api('GET', `/sso/jwks/${server.clientId}`, undefined, { authorization: '' });
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('cache-control') ?? '', /^public, max-age=300$/);
    assert.equal(answer.json.keys.length, 1);
    const [key] = answer.json.keys;
    assert.deepEqual(Object.keys(key).sort(), ['alg', 'e', 'kid', 'kty', 'n', 'use', 'x5c', 'x5t#S256']);
    assert.deepEqual([key.alg, key.kty, key.use, key.e], ['RS256', 'RSA', 'sig', 'AQAB']);
    assert.ok(Buffer.from(key.n, 'base64url').length >= 256);
    const der = Buffer.from(key.x5c[0], 'base64');
    assert.equal(key['x5t#S256'], createHash('sha256').update(der).digest('base64url'));
    assert.equal(new X509Certificate(der).publicKey.export({ format: 'jwk' }).n, key.n);

    const token = await newToken();
    const { protectedHeader, payload } = await verify(token);
    assert.deepEqual(protectedHeader, { alg: 'RS256', typ: 'JWT', kid: key.kid });
    assert.equal(typeof payload.iat, 'number');
  });

  it('are unknown for an unknown client', async () => {
    for (const clientId of ['client_01UNKNOWN', 'x', "'%20or%201=1"]) {
      const answer = await server.api('GET', `/sso/jwks/${clientId}`);
      assert.equal(answer.status, 404);
      assert.equal(answer.json.code, 'entity_not_found');
    }
  });

  it('differ from environment to environment', async () => {
    const other = await otherEnvironment(server);
    const [mine, theirs] = [await jwks(), await jwks(other.clientId)];
    assert.notEqual(mine.keys[0]?.kid, theirs.keys[0]?.kid);
    await assert.rejects(verify(await newToken(), theirs), errors.JWKSNoMatchingKey);
    const disguised = { keys: theirs.keys.map((key) => ({ ...key, kid: mine.keys[0]?.kid })) } as JSONWebKeySet;
    await assert.rejects(verify(await newToken(), disguised), errors.JWSSignatureVerificationFailed);
  });

  it('rotate a day after the next one is published, and leave when no token needs them', async () => {
    const [first] = await kidsOf();
    const before = await newToken();
    const answer = await rotate(false);
    assert.equal(answer.status, 200);
    assert.equal(answer.json.state, 'next');
    assert.deepEqual(await kidsOf(), [first, answer.json.id]);
    assert.equal(decodeProtectedHeader(await newToken()).kid, first);
    assert.deepEqual(await states(), ['active', 'next']);
    await verify(before);

    server.clock.advance(day - 60);
    forgetEverything();
    const last = await newToken();
    assert.equal(decodeProtectedHeader(last).kid, first, 'signed before a day was over');
    server.clock.advance(61);
    forgetEverything();
    const next = await newToken();
    assert.equal(decodeProtectedHeader(next).kid, answer.json.id);
    assert.deepEqual(await states(), ['retiring', 'active']);
    await verify(last);
    await verify(next);

    server.clock.advance(3600 + day - 60);
    assert.deepEqual(await kidsOf(), [first, answer.json.id]);
    server.clock.advance(120);
    assert.deepEqual(await kidsOf(), [answer.json.id]);
  });

  it('leave at once in an emergency', async () => {
    await rotate(false);
    const known = await kidsOf();
    assert.equal(known.length, 2);
    const before = await newToken();
    const answer = await rotate(true);
    assert.equal(answer.json.state, 'active');
    assert.deepEqual(await kidsOf(), [answer.json.id]);
    await assert.rejects(verify(before), errors.JWKSNoMatchingKey);
    assert.equal(decodeProtectedHeader(await newToken()).kid, answer.json.id);
  });

  it('are rotated after ninety days by themselves, once', async () => {
    const { services } = server.running;
    await rotateDueKeys(services);
    const [kid, ...more] = await kidsOf();
    assert.deepEqual(more, []);
    server.clock.advance(89 * day + 60);
    forgetEverything();
    await rotateDueKeys(services);
    await rotateDueKeys(services);
    const kids = await kidsOf();
    assert.equal(kids.length, 2);
    assert.equal(decodeProtectedHeader(await newToken()).kid, kid);
  });

  describe('are rotated by operators only', () => {
    it('who proved themselves a short while ago, and say it from our pages', async () => {
      const path = '/dashboard/api/signing_keys/rotate';
      const body = { emergency: true };
      const before = await kidsOf();
      const withKey = await server.api('POST', path, body);
      assert.equal(withKey.status, 401);
      const nobody = await asOperator(server, server.browser(), 'POST', path, { body });
      assert.equal(nobody.status, 401);
      const browser = await freshOperator();
      const forged = await asOperator(server, browser, 'POST', path, {
        body,
        headers: { 'sec-fetch-site': 'cross-site' },
      });
      assert.equal(forged.status, 403);
      server.clock.advance(901);
      const late = await asOperator(server, browser, 'POST', path, { body });
      assert.equal(late.status, 403);
      assert.equal(late.json.code, 'reauthentication_required');
      assert.deepEqual(await kidsOf(), before);
    });
  });

  it('are made once, whoever asks first', async () => {
    const other = await otherEnvironment(server);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => server.api('GET', `/sso/jwks/${other.clientId}`)),
    );
    assert.equal(new Set(answers.map(({ text }) => text)).size, 1);
    assert.equal(answers[0]?.json.keys.length, 1);
  });
});
