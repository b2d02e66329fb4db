/** Sessions without a page: what the official SDK opens, refreshes and ends is what the package seals. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type AuthKit, createAuthKit } from '@authkit/testing';
import { WorkOS } from '@workos-inc/node';

const app = { origin: 'http://localhost:3000' };

describe('an injected session', () => {
  let auth: AuthKit;
  before(async () => {
    auth = await createAuthKit({ app });
  });
  after(() => auth?.close());

  /** As an app has it. */
  function sdk() {
    const { hostname, port } = new URL(auth.url);
    const { apiKey, clientId } = auth;
    return new WorkOS({ apiKey, clientId, apiHostname: hostname, port: Number(port), https: false }).userManagement;
  }
  const open = (sessionData: string) => sdk().loadSealedSession({ sessionData, cookiePassword: auth.cookiePassword });

  it('opens in an app with all that the SDK itself would have sealed', async () => {
    const ada = await auth.user({ org: 'Acme', role: 'admin', firstName: 'Ada', password: null });
    const opened = await open(await auth.sealedSession(ada)).authenticate();
    assert.ok(opened.authenticated);
    const { user, organizationId, role, authenticationMethod, impersonator } = opened;
    assert.deepEqual(user, await sdk().getUser(ada.id));
    assert.deepEqual(
      [organizationId, role, authenticationMethod, impersonator],
      [ada.organization?.id, 'admin', 'Password', undefined],
    );
  });

  it('is sealed byte for byte as the SDK seals, but for what is drawn', async () => {
    const sealed = await auth.sealedSession(await auth.user({ password: null }));
    const shape = /^Fe26\.2\*1\*[0-9a-f]{64}\*[\w-]{22}\*[\w-]+\*\*[0-9a-f]{64}\*[\w-]{43}~2$/;
    assert.match(sealed, shape);
    const session = await sdk().getSessionFromCookie({ sessionData: sealed, cookiePassword: auth.cookiePassword });
    const other = 'another password of thirty-two characters';
    assert.deepEqual(await sdk().getSessionFromCookie({ sessionData: sealed, cookiePassword: other }), {});
    assert.deepEqual(Object.keys(session ?? {}), ['user', 'accessToken', 'refreshToken', 'authenticationMethod']);
  });

  it('is refreshed, and switched to another organization', async () => {
    const ada = await auth.user({ org: 'Acme', password: null });
    const globex = await auth.organization('Globex');
    await auth.member(ada, globex, 'admin');
    const refreshed = await open(await auth.sealedSession(ada)).refresh({ organizationId: globex.id });
    assert.ok(refreshed.authenticated);
    const again = await open(refreshed.sealedSession ?? '').authenticate();
    assert.ok(again.authenticated);
    assert.deepEqual([again.organizationId, again.role], [globex.id, 'admin']);
  });

  it('is one of the user’s sessions, and ends when it is revoked', async () => {
    const ada = await auth.user({ password: null });
    const sealed = await auth.sealedSession(ada);
    const { data } = await sdk().listSessions(ada.id);
    assert.equal(data.length, 1);
    await sdk().revokeSession({ sessionId: data[0]?.id ?? '' });
    assert.equal((await open(sealed).refresh()).authenticated, false);
  });

  it('may be an operator’s who acts as somebody', async () => {
    const impersonator = { email: 'grace@example.com', reason: 'A ticket' };
    const opened = await open(
      await auth.sealedSession(await auth.user({ password: null }), { impersonator }),
    ).authenticate();
    assert.ok(opened.authenticated);
    assert.deepEqual(opened.impersonator, impersonator);
  });

  it('may satisfy a policy that asks for two factors', async () => {
    const ada = await auth.user({ password: null });
    await auth.totp(ada);
    const session = await auth.tokens(ada, { proved: ['password', 'totp'] });
    assert.equal(session.user.id, ada.id);
    assert.match(session.sessionId, /^session_/);
    assert.equal(session.organizationId, null);
  });

  it('wants to know where the app is', async () => {
    await using other = await createAuthKit();
    const context = { addCookies: () => assert.fail('no cookie'), newPage: assert.fail, newCDPSession: assert.fail };
    const user = await other.user({ password: null });
    await assert.rejects(other.session(context, user), /Say where the app is/);
  });
});

describe('snapshots', () => {
  it('bring back sessions, mails and the clock exactly as they were', async () => {
    await using auth = await createAuthKit({ app });
    const ada = await auth.user({ org: 'Acme', password: null });
    const { refreshToken } = await auth.tokens(ada);
    await auth.call('POST', '/user_management/magic_auth', { email: ada.email });
    await auth.clock.advance('2h');
    const refresh = () =>
      auth.fetch('POST', '/user_management/authenticate', {
        grant_type: 'refresh_token',
        client_id: auth.clientId,
        client_secret: auth.apiKey,
        refresh_token: refreshToken,
      });
    const snapshot = await auth.snapshot();
    const seen = async () => [
      await auth.call('GET', '/user_management/users'),
      await auth.call('GET', `/user_management/users/${ada.id}/sessions`),
      await auth.mail.list(),
      await auth.events(),
    ];
    const before = await seen();

    const code = await auth.mail.code(ada.email);
    await auth.clock.advance('400d');
    assert.equal((await refresh()).status, 400);
    await auth.user({ password: null });
    await auth.mail.clear();
    await auth.fail({ path: '/user_management/*', status: 503, times: 9 });
    await auth.restore(snapshot);

    assert.deepEqual(await seen(), before);
    assert.equal(await auth.mail.code(ada.email), code, 'what was read after the snapshot is unread again');
    const hour = 3_600_000;
    assert.equal(Math.round(((await auth.clock.now()).getTime() - Date.now()) / hour), 2);
    assert.equal((await refresh()).status, 200);
  });
});

describe('events and failures', () => {
  it('tell what happened, oldest first, and break the answers they name', async () => {
    await using auth = await createAuthKit();
    const ada = await auth.user({ password: null });
    await auth.tokens(ada);
    const happened = (await auth.events({ userId: ada.id })).map(({ event }) => event);
    assert.equal(happened[0], 'user.created');
    // The two may happen within a millisecond.
    assert.deepEqual(happened.slice(1).sort(), ['session.created', 'sign_in.completed']);
    assert.equal((await auth.events({ name: 'session.created' }))[0]?.data.user_id, ada.id);

    await auth.fail({ method: 'GET', path: `/user_management/users/${ada.id}`, status: 502 });
    await assert.rejects(auth.call('GET', `/user_management/users/${ada.id}`), /502/);
    await auth.call('GET', `/user_management/users/${ada.id}`);
    await auth.fail({ path: '/*', status: 500, times: 50 });
    await auth.heal();
    await auth.call('GET', '/organizations');
  });
});
