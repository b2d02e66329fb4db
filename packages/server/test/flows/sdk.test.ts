/** The official Node SDK, unmodified, told nothing but where we answer. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as newest from '@workos-inc/node';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as eighth from 'workos-node-8';
import { callbackUri, claimsOf, goodPassword, onEachEngine, type TestServer } from '../harness.ts';
import { codeOf, makeUser, signIn } from './steps.ts';

/** The older line has the same names for everything used here. */
const lines = { 'version 11': newest, 'version 8': eighth as unknown as typeof newest };

const cookiePassword = 'a cookie password of more than 32 characters';
/** RFC 6265 section 6.1: what a browser has to keep, name and attributes included. */
const cookieLimitBytes = 4096;
const userCount = 250;

for (const [line, sdk] of Object.entries(lines)) {
  onEachEngine(`the official SDK, ${line}`, (start) => {
    let server: TestServer;
    let workos: newest.WorkOS;
    before(async () => {
      // The SDK would take these over what a public client leaves out.
      delete process.env.WORKOS_API_KEY;
      delete process.env.WORKOS_CLIENT_ID;
      server = await start();
      workos = new sdk.WorkOS(server.apiKey, { clientId: server.clientId, ...addressOf(server) });
    });
    after(() => server[Symbol.asyncDispose]());

    /** @returns the code that signing in at the SDK's address ends with */
    const codeAt = async (url: string, email: string): Promise<string> => {
      const browser = server.browser();
      await browser.open(url);
      await browser.submit({ email }, '/sign-in?');
      return codeOf(await browser.submit({ password: goodPassword }, '/sign-in/password'));
    };
    const sealedSignIn = async (email: string): Promise<string> => {
      const { code } = await signIn(server, email);
      const { sealedSession } = await workos.userManagement.authenticateWithCode({
        code,
        session: { sealSession: true, cookiePassword },
      });
      assert.ok(sealedSession);
      return sealedSession;
    };
    const open = (sessionData: string) => workos.userManagement.loadSealedSession({ sessionData, cookiePassword });

    describe('mailed codes and links', () => {
      it('sign in with Magic Auth', async () => {
        const { userManagement } = workos;
        const made = await userManagement.createMagicAuth({ email: `magic-${line.at(-1)}@example.com` });
        assert.deepEqual(await userManagement.getMagicAuth(made.id), made);
        const { user, authenticationMethod } = await userManagement.authenticateWithMagicAuth({
          clientId: server.clientId,
          email: made.email,
          code: made.code,
        });
        assert.deepEqual([user.id, user.emailVerified, authenticationMethod], [made.userId, true, 'MagicAuth']);
      });

      it('verify an address that a password sign-in stopped at', async () => {
        const { userManagement } = workos;
        const { email } = await makeUser(server, { email_verified: false });
        const clientId = server.clientId;
        const stopped = await userManagement
          .authenticateWithPassword({ clientId, email, password: goodPassword })
          .catch((error: { rawData: Record<string, string> }) => error.rawData);
        const raw = stopped as Record<string, string>;
        assert.equal(raw.code, 'email_verification_required');
        const { code } = await userManagement.getEmailVerification(raw.email_verification_id ?? '');
        const { user } = await userManagement.authenticateWithEmailVerification({
          clientId,
          code,
          pendingAuthenticationToken: raw.pending_authentication_token ?? '',
        });
        assert.equal(user.email, email);
      });

      it('set a password', async () => {
        const { userManagement } = workos;
        const { id, email } = await makeUser(server);
        const reset = await userManagement.createPasswordReset({ email });
        assert.deepEqual(await userManagement.getPasswordReset(reset.id), reset);
        const { user } = await userManagement.resetPassword({
          token: reset.passwordResetToken,
          newPassword: 'another perfectly fine passphrase',
        });
        assert.equal(user.id, id);
      });
    });

    describe('users', () => {
      it('are created, found, changed and deleted', async () => {
        const { userManagement } = workos;
        const wanted = {
          email: 'Grace@Example.com',
          firstName: 'Grace',
          lastName: 'Hopper',
          emailVerified: true,
          externalId: 'crew-1',
          metadata: { rank: 'admiral' },
        };
        const created = await userManagement.createUser({ ...wanted, password: goodPassword });
        const { id, createdAt, updatedAt, ...rest } = created;
        assert.match(id, /^user_/);
        assert.equal(createdAt, updatedAt);
        assert.deepEqual(rest, {
          object: 'user',
          ...wanted,
          email: 'Grace@example.com',
          ...(line === 'version 11' && { name: null }),
          profilePictureUrl: null,
          lastSignInAt: null,
          locale: null,
        });

        assert.deepEqual(await userManagement.getUser(id), created);
        assert.deepEqual(await userManagement.getUserByExternalId('crew-1'), created);
        assert.deepEqual((await userManagement.listUsers({ email: 'GRACE@example.com' })).data, [created]);

        const changed = await userManagement.updateUser({
          userId: id,
          lastName: 'Murray Hopper',
          metadata: { rank: null, ship: 'Mark I' } as unknown as Record<string, string>,
        });
        assert.deepEqual(changed, {
          ...created,
          lastName: 'Murray Hopper',
          metadata: { ship: 'Mark I' },
          updatedAt: changed.updatedAt,
        });

        await userManagement.deleteUser(id);
        await assert.rejects(userManagement.getUser(id), sdk.NotFoundException);
        await assert.rejects(userManagement.getUserByExternalId('crew-1'), sdk.NotFoundException);
      });

      it(`are listed page by page, ${userCount} of them`, async () => {
        await using own = await start();
        const { userManagement } = new sdk.WorkOS(own.apiKey, addressOf(own));
        const ids: string[] = [];
        for (let created = 0; created < userCount; created++) {
          ids.push((await own.create.user()).id);
          // Those of one millisecond are in the order of their random ids.
          own.clock.advance(0.001);
        }

        const all = await (await userManagement.listUsers()).autoPagination();
        assert.deepEqual(
          all.map(({ id }) => id),
          ids.toReversed(),
        );

        const first = await userManagement.listUsers({ limit: 100, order: 'asc' });
        const second = await userManagement.listUsers({
          limit: 100,
          order: 'asc',
          after: first.listMetadata.after ?? '',
        });
        assert.deepEqual(
          [...first.data, ...second.data].map(({ id }) => id),
          ids.slice(0, 200),
        );
        assert.equal(first.listMetadata.before ?? null, null);
      });
    });

    describe('a sign-in', () => {
      it('with the secret', async () => {
        const { id, email } = await makeUser(server);
        const url = workos.userManagement.getAuthorizationUrl({
          provider: 'authkit',
          redirectUri: callbackUri,
          state: 'kept "as it is" ✓',
          screenHint: 'sign-in',
        });
        const browser = server.browser();
        await browser.open(url);
        await browser.submit({ email }, '/sign-in?');
        const done = await browser.submit({ password: goodPassword }, '/sign-in/password');
        assert.equal(done.location?.searchParams.get('state'), 'kept "as it is" ✓');

        const { accessToken, refreshToken, ...answer } = await workos.userManagement.authenticateWithCode({
          code: codeOf(done),
        });
        assert.equal(claimsOf(accessToken).sub, id);
        assert.deepEqual(defined(answer), {
          user: await workos.userManagement.getUser(id),
          authenticationMethod: 'Password',
        });

        const next = await workos.userManagement.authenticateWithRefreshToken({ refreshToken });
        assert.equal(claimsOf(next.accessToken).sid, claimsOf(accessToken).sid);
        assert.notEqual(next.refreshToken, refreshToken);
      });

      it('with the secret and PKCE', async () => {
        const { id, email } = await makeUser(server);
        const { url, codeVerifier } = await workos.userManagement.getAuthorizationUrlWithPKCE({
          provider: 'authkit',
          redirectUri: callbackUri,
        });
        const { user } = await workos.userManagement.authenticateWithCode({
          code: await codeAt(url, email),
          codeVerifier,
        });
        assert.equal(user.id, id);
      });

      it('with PKCE alone, as a public client', async () => {
        const { id, email } = await makeUser(server);
        const { userManagement } = new sdk.WorkOS({ clientId: server.clientId, ...addressOf(server) });
        const { url, codeVerifier } = await userManagement.getAuthorizationUrlWithPKCE({
          provider: 'authkit',
          redirectUri: callbackUri,
        });
        const { user, refreshToken } = await userManagement.authenticateWithCodeAndVerifier({
          code: await codeAt(url, email),
          codeVerifier,
        });
        assert.equal(user.id, id);
        assert.equal((await userManagement.authenticateWithRefreshToken({ refreshToken })).user.id, id);
      });

      it('whose tokens the published keys verify', async () => {
        const { email } = await makeUser(server);
        const { accessToken } = await workos.userManagement.authenticateWithCode({
          code: (await signIn(server, email)).code,
        });
        const keys = createRemoteJWKSet(new URL(workos.userManagement.getJwksUrl(server.clientId)));
        const { payload } = await jwtVerify(accessToken, keys, {
          issuer: `${server.url}/user_management/${server.clientId}`,
        });
        assert.equal(payload.sid, claimsOf(accessToken).sid);
      });
    });

    describe('a sealed session', () => {
      it('is opened, refreshed and ended', async () => {
        const user = await makeUser(server);
        const sealed = await sealedSignIn(user.email);
        const session = open(sealed);
        const current = await session.authenticate();
        assert.ok(current.authenticated);
        const { sessionId, accessToken, ...rest } = current;
        assert.deepEqual(defined(rest), {
          authenticated: true,
          user: await workos.userManagement.getUser(user.id),
          authenticationMethod: 'Password',
        });
        assert.equal(claimsOf(accessToken).sid, sessionId);
        const bySessionCookie = await workos.userManagement.authenticateWithSessionCookie({
          sessionData: sealed,
          cookiePassword,
        });
        assert.ok(bySessionCookie.authenticated);

        const renewed = await session.refresh();
        assert.ok(renewed.authenticated && renewed.sealedSession);
        assert.equal(renewed.sessionId, sessionId);
        assert.notEqual(renewed.sealedSession, sealed);
        assert.ok((await open(renewed.sealedSession).authenticate()).authenticated);

        const logout = await session.getLogoutUrl({ returnTo: 'http://localhost:3000/' });
        const answer = await server.browser().open(logout);
        assert.equal(answer.location?.href, 'http://localhost:3000/');
        const over = await open(renewed.sealedSession).refresh();
        assert.ok(!over.authenticated);
        assert.equal(over.reason, 'invalid_grant');
      });

      it('is refreshed when its access token has run out', async () => {
        const { email } = await makeUser(server);
        // The SDK checks expiry by real time, so the server's clock has to be the one that is off.
        server.clock.advance(-600);
        const session = open(await sealedSignIn(email));
        server.clock.reset();

        const expired = await session.authenticate();
        assert.ok(!expired.authenticated);
        assert.equal(expired.reason, 'invalid_jwt');
        assert.ok((await session.refresh()).authenticated);
        assert.ok((await session.authenticate()).authenticated);
      });

      it('is refreshed by all who hold the same cookie', async () => {
        const sealed = await sealedSignIn((await makeUser(server)).email);
        const renewals = await Promise.all(Array.from({ length: 20 }, () => open(sealed).refresh()));
        const successors = renewals.map((renewal) => {
          assert.ok(renewal.authenticated);
          return renewal.session?.refreshToken;
        });
        assert.equal(new Set(successors).size, 1);
      });

      it(`fits into a cookie of ${cookieLimitBytes} bytes, with long names too`, async () => {
        const { email } = await makeUser(server, {
          email: `${'a'.repeat(64)}@${'long-domain'.repeat(5)}.example.com`,
          first_name: 'Ada'.repeat(30),
          last_name: 'Lovelace'.repeat(12),
          external_id: 'x'.repeat(128),
          locale: 'en-GB',
        });
        const cookie = `wos-session=${await sealedSignIn(email)}; Path=/; HttpOnly; Secure; SameSite=Lax`;
        assert.ok(cookie.length < cookieLimitBytes, `${cookie.length} bytes`);
      });
    });

    it('lists sessions and revokes one', async () => {
      const { id, email } = await makeUser(server);
      const { refreshToken, accessToken } = await workos.userManagement.authenticateWithCode({
        code: (await signIn(server, email)).code,
        ipAddress: '203.0.113.7',
        userAgent: 'Lynx',
      });
      const sessionId = claimsOf(accessToken).sid;
      const [session, ...others] = (await workos.userManagement.listSessions(id)).data;
      assert.deepEqual(others, []);
      assert.deepEqual(session, {
        object: 'session',
        id: sessionId,
        userId: id,
        ipAddress: '203.0.113.7',
        userAgent: 'Lynx',
        authMethod: 'password',
        status: 'active',
        expiresAt: session?.expiresAt,
        endedAt: null,
        createdAt: session?.createdAt,
        updatedAt: session?.updatedAt,
      });

      await workos.userManagement.revokeSession({ sessionId });
      assert.equal((await workos.userManagement.listSessions(id)).data[0]?.status, 'revoked');
      await assert.rejects(
        workos.userManagement.authenticateWithRefreshToken({ refreshToken }),
        (error) => error instanceof sdk.OauthException && error.error === 'invalid_grant',
      );
    });

    it('verifies an address with the mailed code', async () => {
      const { id, email } = await makeUser(server, { email_verified: false });
      const sent = await workos.userManagement.sendVerificationEmail({ userId: id });
      assert.equal(sent.user.emailVerified, false);
      const code = await server.codeFor(email);
      const wrong = code === '000000' ? '000001' : '000000';

      await assert.rejects(workos.userManagement.verifyEmail({ userId: id, code: wrong }), (error) => {
        assert.ok(error instanceof sdk.GenericServerException);
        assert.equal(error.status, 400);
        assert.equal((error.rawData as { code?: string }).code, 'email_verification_code_incorrect');
        return true;
      });
      assert.equal((await workos.userManagement.verifyEmail({ userId: id, code })).user.emailVerified, true);
      assert.equal((await workos.userManagement.getUser(id)).emailVerified, true);
    });

    it('sets an app up: its redirect URI is taken, a second time too, and its origin may call', async () => {
      const uri = `http://localhost:${line === 'version 11' ? 4311 : 4308}/callback`;
      const { data } = await workos.post('/user_management/redirect_uris', { uri });
      assert.equal(data.uri, uri);
      await assert.rejects(
        workos.post('/user_management/redirect_uris', { uri }),
        (error) => error instanceof sdk.UnprocessableEntityException && error.code === 'redirect_uri_already_exists',
      );
      const url = workos.userManagement.getAuthorizationUrl({ provider: 'authkit', redirectUri: uri });
      assert.equal((await server.browser().open(url)).status, 200);

      const { origin } = new URL(uri);
      await workos.post('/user_management/cors_origins', { origin });
      const preflight = await fetch(`${server.url}/user_management/authenticate`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
      });
      assert.equal(preflight.headers.get('access-control-allow-origin'), origin);
    });

    describe('its errors', () => {
      const thrownBy = async (call: Promise<unknown>) => {
        const error: unknown = await call.then(
          () => null,
          (reason: unknown) => reason,
        );
        assert.ok(error instanceof Error);
        const { name, status, code, requestID } = error as Error & Record<string, unknown>;
        if (line === 'version 11') assert.match(String(requestID), /^req_/);
        return { name, status, code };
      };

      it('are of the class that apps catch', async () => {
        const { userManagement } = workos;
        const stranger = new sdk.WorkOS('sk_test_nobody_has_this_key', {
          clientId: server.clientId,
          ...addressOf(server),
        });
        const { email } = await makeUser(server);
        const origin = 'https://twice.example.com';
        await workos.post('/user_management/cors_origins', { origin });

        assert.deepEqual(await thrownBy(stranger.userManagement.listUsers()), {
          name: 'UnauthorizedException',
          status: 401,
          code: undefined,
        });
        assert.deepEqual(await thrownBy(userManagement.getUser('user_nobody')), {
          name: 'NotFoundException',
          status: 404,
          code: 'entity_not_found',
        });
        assert.deepEqual(await thrownBy(userManagement.createUser({ email: '' })), {
          name: 'UnprocessableEntityException',
          status: 422,
          code: 'invalid_request_parameters',
        });
        assert.deepEqual(await thrownBy(userManagement.createUser({ email })), {
          name: 'BadRequestException',
          status: 400,
          code: 'user_creation_error',
        });
        assert.deepEqual(await thrownBy(workos.post('/user_management/cors_origins', { origin })), {
          name: 'ConflictException',
          status: 409,
          code: line === 'version 11' ? 'duplicate_cors_origin' : undefined,
        });
      });

      it('carry what OAuth says of a grant (RFC 6749 section 5.2)', async () => {
        const refusal = async (call: Promise<unknown>) => {
          const error: unknown = await call.catch((reason: unknown) => reason);
          assert.ok(error instanceof sdk.OauthException);
          assert.ok(error.errorDescription);
          return { status: error.status, error: error.error };
        };
        const invalidGrant = { status: 400, error: 'invalid_grant' };
        const { userManagement } = workos;
        const stranger = new sdk.WorkOS('sk_test_nobody_has_this_key', {
          clientId: server.clientId,
          ...addressOf(server),
        });
        assert.deepEqual(await refusal(userManagement.authenticateWithCode({ code: 'never issued' })), invalidGrant);
        assert.deepEqual(
          await refusal(userManagement.authenticateWithRefreshToken({ refreshToken: 'never issued' })),
          invalidGrant,
        );
        assert.deepEqual(await refusal(stranger.userManagement.authenticateWithCode({ code: 'never issued' })), {
          status: 400,
          error: 'invalid_client',
        });
      });

      it('say how long to wait when there was too much', async () => {
        await using strict = await start({ stagingLimitFactor: 1 });
        const options = { clientId: strict.clientId, ...addressOf(strict), maxRetries: 0 };
        const { userManagement } = new sdk.WorkOS(strict.apiKey, options);
        const { id } = await makeUser(strict, { email_verified: false });
        for (let sent = 0; sent < 3; sent++) await userManagement.sendVerificationEmail({ userId: id });
        await assert.rejects(userManagement.sendVerificationEmail({ userId: id }), (error) => {
          assert.ok(error instanceof sdk.RateLimitExceededException);
          assert.ok(error.retryAfter !== null && error.retryAfter > 0 && error.retryAfter <= 60);
          return true;
        });
      });
    });
  });
}

/** The three options that point the SDK here. */
function addressOf({ url }: TestServer) {
  const { hostname, port } = new URL(url);
  return { apiHostname: hostname, port: Number(port), https: false };
}

/** The SDK spells what is absent as undefined. */
const defined = (object: object) =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
