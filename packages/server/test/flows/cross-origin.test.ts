import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { onEachEngine, type TestBrowser, type TestServer } from '../harness.ts';
import { byCode, byRefresh, newSession, otherEnvironment, pkce, signedInBrowser, silentCode } from './steps.ts';

const app = 'http://localhost:5173';
const elsewhere = 'https://app.other.example';
const evil = 'https://evil.example';

onEachEngine('calls from pages of other origins', (start) => {
  let server: TestServer;
  let browser: TestBrowser;
  let other: Awaited<ReturnType<typeof otherEnvironment>>;
  before(async () => {
    server = await start();
    other = await otherEnvironment(server, { corsOrigins: [elsewhere] });
    ({ browser } = await signedInBrowser(server));
  });
  after(() => server[Symbol.asyncDispose]());

  const readableBy = (headers: Headers) => headers.get('access-control-allow-origin');
  const preflight = (origin: string, path = '/user_management/authenticate') =>
    fetch(server.url + path, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });

  describe('a preflight, which names no client', () => {
    it('passes for an origin that any environment lists', async () => {
      for (const origin of [app, elsewhere]) {
        const { status, headers } = await preflight(origin);
        assert.equal(status, 204);
        assert.equal(readableBy(headers), origin);
        assert.equal(headers.get('access-control-allow-credentials'), 'true');
        assert.match(headers.get('vary') ?? '', /Origin/);
        assert.match(headers.get('access-control-allow-methods') ?? '', /POST/);
        for (const name of [
          'content-type',
          'accept',
          'authorization',
          'workos-widgets-version',
          'workos-widgets-type',
          'x-elevated-access-token',
        ]) {
          assert.ok(headers.get('access-control-allow-headers')?.includes(name), name);
        }
      }
    });

    it('does not pass for anybody else', async () => {
      for (const origin of [
        evil,
        'null',
        `${app}.evil.example`,
        'http://localhost:5174',
        `${app}/`,
        app.toUpperCase(),
      ]) {
        const { headers } = await preflight(origin);
        assert.equal(readableBy(headers), null, origin);
        assert.equal(headers.get('access-control-allow-credentials'), null);
        assert.match(headers.get('vary') ?? '', /Origin/);
      }
    });

    it('does not exist for what only servers, people and operators call', async () => {
      for (const path of [
        '/user_management/users',
        '/dashboard/api/me',
        '/sign-in',
        '/dev/clock',
        '/user_management/authorize',
      ]) {
        assert.equal(readableBy((await preflight(app, path)).headers), null, path);
      }
    });
  });

  describe('an answer', () => {
    const call = (origin: string, parameters: Record<string, string | null>) =>
      server.token({ client_secret: null, ...parameters }, { origin });

    it('is readable by the origins of its own client, errors and all', async () => {
      const { verifier, asked } = pkce();
      const good = await call(app, byCode(await silentCode(server, browser, asked), { code_verifier: verifier }));
      assert.equal(good.status, 200);
      const answers = [
        good,
        await call(app, byRefresh('nonsense')),
        await call(app, { grant_type: 'refresh_token' }),
        await call(app, { grant_type: 'what' }),
      ];
      for (const { headers } of answers) {
        assert.equal(readableBy(headers), app);
        assert.equal(headers.get('access-control-allow-credentials'), 'true');
        assert.match(headers.get('vary') ?? '', /Origin/);
      }
      assert.deepEqual(
        answers.map(({ status }) => status),
        [200, 400, 400, 400],
      );
    });

    it('is not readable by the origins of another, nor by anybody’s', async () => {
      const { refresh_token: token } = await newSession(server, browser);
      for (const origin of [elsewhere, evil, 'null']) {
        assert.equal(readableBy((await call(origin, byRefresh(token))).headers), null);
      }
      const foreign = await call(app, byRefresh(token, { client_id: other.clientId }));
      assert.equal(readableBy(foreign.headers), null);
      const own = await call(elsewhere, byRefresh(token, { client_id: other.clientId }));
      assert.equal(readableBy(own.headers), elsewhere);
    });

    it('to a call with the secret key is readable by nobody', async () => {
      const { refresh_token: token } = await newSession(server, browser);
      const authorization = `Bearer ${server.apiKey}`;
      const bearer = await server.token(byRefresh(token, { client_secret: null }), { origin: app, authorization });
      assert.equal(bearer.status, 200);
      assert.equal(readableBy(bearer.headers), null);
      const users = await server.api('GET', '/user_management/users', undefined, { origin: app });
      assert.equal(readableBy(users.headers), null);
    });

    it('with public keys is readable by everybody, without credentials', async () => {
      const { headers } = await server.api('GET', `/sso/jwks/${server.clientId}`, undefined, { origin: evil });
      assert.equal(readableBy(headers), '*');
      assert.equal(headers.get('access-control-allow-credentials'), null);
    });
  });
});
