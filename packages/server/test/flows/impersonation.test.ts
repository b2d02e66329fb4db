import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { WorkOS } from '@workos-inc/node';
import { noteExpiredImpersonations } from '../../src/impersonation/index.ts';
import { keepHouse } from '../../src/keep-house.ts';
import { claimsOf, goodPassword, onEachEngine, type TestBrowser, type TestServer } from '../harness.ts';
import {
  asOperator,
  becomeOwner,
  byCode,
  byRefresh,
  changeSettings,
  codeOf,
  eventsNamed,
  makeUser,
  newSession,
  pkce,
  signIn,
} from './steps.ts';

const reason = 'Ticket 4711: the invoice does not open';

onEachEngine('an operator acting as a user', (start) => {
  let server: TestServer;
  let owner: TestBrowser;
  before(async () => {
    server = await start();
    owner = await becomeOwner(server);
    await changeSettings(server, { impersonation: true });
  });
  after(() => server[Symbol.asyncDispose]());

  /** As the dashboard does, with the browser's cookies. */
  const ask = async (userId: string) => {
    const path = `/dashboard/api/users/${userId}/impersonation`;
    const answer = await asOperator(server, owner, 'POST', path, { body: { reason } });
    assert.equal(answer.status, 201, JSON.stringify(answer.json));
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      owner.cookies.set(name, value);
    }
    return answer.json;
  };
  const sdk = () => {
    const { hostname, port } = new URL(server.url);
    return new WorkOS(server.apiKey, {
      clientId: server.clientId,
      apiHostname: hostname,
      port: Number(port),
      https: false,
    });
  };

  it('begins at the app with its own state and PKCE, asks once more, and tells the app who it is', async () => {
    const user = await makeUser(server);
    const { url } = await ask(user.id);
    assert.equal(url, 'http://localhost:3000/login');
    const { userManagement } = sdk();
    const started = await userManagement.getAuthorizationUrlWithPKCE({
      provider: 'authkit',
      redirectUri: 'http://localhost:3000/callback',
    });
    await owner.open(started.url);
    assert.match(owner.path, /^\/impersonate\?attempt=/);
    for (const shown of [user.email, 'owner@example.com', reason]) assert.ok(owner.text.includes(shown), shown);
    const done = await owner.submit({}, '/impersonate');
    assert.equal(done.location?.searchParams.get('state'), started.state);

    const session = await userManagement.authenticateWithCode({
      code: codeOf(done),
      codeVerifier: started.codeVerifier,
      clientId: server.clientId,
    });
    assert.equal(session.user.id, user.id);
    assert.deepEqual(session.impersonator, { email: 'owner@example.com', reason });
    assert.equal(session.authenticationMethod, 'Impersonation');
    assert.deepEqual(claimsOf(session.accessToken).act, { sub: 'owner@example.com' });
    const refreshed = await userManagement.authenticateWithRefreshToken({
      refreshToken: session.refreshToken,
      clientId: server.clientId,
    });
    assert.deepEqual(refreshed.impersonator, { email: 'owner@example.com', reason });
    const { data } = await userManagement.listSessions(user.id);
    assert.deepEqual(data[0]?.impersonator, { email: 'owner@example.com', reason });
    assert.equal(data[0]?.authMethod, 'impersonation');
  });

  const impersonate = async (userId: string) => {
    await ask(userId);
    const { verifier, asked } = pkce();
    await owner.open(server.authorizeUrl(asked));
    const done = await owner.submit({}, '/impersonate');
    const { json } = await server.token(byCode(codeOf(done), { code_verifier: verifier, client_secret: null }));
    return json;
  };

  it('leaves the person as they were: their sign-ins, their last one, their mails', async () => {
    const user = await makeUser(server);
    const { browser } = await signIn(server, user.email);
    const own = await newSession(server, browser);
    const before = (await server.api('GET', `/user_management/users/${user.id}`)).json;
    const mails = (await server.mails(user.email)).length;
    const completed = (await eventsNamed(server, 'sign_in.completed')).length;
    server.clock.advance(60);
    await impersonate(user.id);
    assert.deepEqual((await server.api('GET', `/user_management/users/${user.id}`)).json, before);
    assert.equal((await server.mails(user.email)).length, mails);
    assert.equal((await eventsNamed(server, 'sign_in.completed')).length, completed);
    assert.equal((await server.token(byRefresh(own.refresh_token))).status, 200);
    // Nor is the operator signed in as them at our own pages.
    const next = await owner.open(server.authorizeUrl({ prompt: 'none' }));
    assert.equal(next.location?.searchParams.get('error'), 'login_required');
  });

  it('ends after 60 minutes, however often it is refreshed', async () => {
    const { id } = await makeUser(server);
    let { refresh_token: token } = await impersonate(id);
    for (let minute = 0; minute < 59; minute += 10) {
      const { status, json } = await server.token(byRefresh(token));
      assert.equal(status, 200);
      token = json.refresh_token;
      server.clock.advance(9 * 60 + 50);
    }
    const late = (await server.token(byRefresh(token))).json;
    const [session] = (await server.api('GET', `/user_management/users/${id}/sessions`)).json.data;
    if (late.access_token) assert.ok(claimsOf(late.access_token).exp <= Date.parse(session.expires_at) / 1000);
    server.clock.advance(60);
    assert.equal(Date.parse(session.expires_at) - Date.parse(session.created_at), 3_600_000);
    assert.equal((await server.token(byRefresh(late.refresh_token ?? token))).json.error, 'invalid_grant');
    owner = await signInAgain();
  });

  const signInAgain = async () => {
    const browser = owner;
    await browser.open('/dashboard/login?fresh=1');
    await browser.submit({ email: 'owner@example.com' }, '/sign-in?');
    await browser.submit({ password: goodPassword }, '/sign-in/password');
    return browser;
  };

  it('is over in the trail once it has run out, told once whoever looks', async () => {
    const { id } = await makeUser(server);
    const tokens = await impersonate(id);
    const { sid } = claimsOf(tokens.access_token);
    const { services } = server.running;
    const ended = async () => (await eventsNamed(server, 'impersonation.ended')).filter((data) => data.user_id === id);
    await keepHouse(services);
    assert.deepEqual(await ended(), []);
    server.clock.advance(60 * 60 + 1);
    await Promise.all([keepHouse(services), noteExpiredImpersonations(services)]);
    await fetch(`${server.url}/user_management/sessions/logout?session_id=${sid}`, { redirect: 'manual' });
    await server.api('PUT', `/user_management/users/${id}`, { password: `${goodPassword}, another` });
    assert.deepEqual(await ended(), [{ session_id: sid, user_id: id, email: 'owner@example.com', reason }]);
    const [session] = (await server.api('GET', `/user_management/users/${id}/sessions`)).json.data;
    assert.deepEqual([session.status, session.ended_at], ['expired', null]);
    owner = await signInAgain();
  });

  it('ends at the next refresh where it was switched off meanwhile, and nobody else’s session does', async () => {
    const { id, email } = await makeUser(server);
    const own = await newSession(server, (await signIn(server, email)).browser);
    const tokens = await impersonate(id);
    await changeSettings(server, { impersonation: false });
    const { status, json } = await server.token(byRefresh(tokens.refresh_token));
    assert.deepEqual([status, json.error], [400, 'invalid_grant']);
    assert.equal((await server.token(byRefresh(own.refresh_token))).status, 200);
    await changeSettings(server, { impersonation: true });
    assert.equal((await server.token(byRefresh(tokens.refresh_token))).json.error, 'invalid_grant');
    const ended = (await eventsNamed(server, 'impersonation.ended')).filter((data) => data.user_id === id);
    assert.deepEqual(ended, [
      { session_id: claimsOf(tokens.access_token).sid, user_id: id, email: 'owner@example.com', reason },
    ]);
  });

  it('stops at the sign-out, which leads back to the user in the dashboard', async () => {
    const { id } = await makeUser(server);
    const tokens = await impersonate(id);
    const { sid } = claimsOf(tokens.access_token);
    const before = new Map(owner.cookies);
    const stopped = await fetch(`${server.url}/user_management/sessions/logout?session_id=${sid}`, {
      redirect: 'manual',
    });
    assert.equal(stopped.headers.get('location'), `${server.url}/dashboard/users/${id}`);
    assert.deepEqual(stopped.headers.getSetCookie(), []);
    assert.deepEqual(new Map(owner.cookies), before);
    assert.equal((await server.token(byRefresh(tokens.refresh_token))).json.error, 'invalid_grant');
    const { id: _, ...started } = (await eventsNamed(server, 'impersonation.started')).at(-1) ?? {};
    assert.deepEqual(started, { user_id: id, email: 'owner@example.com', reason });
    assert.deepEqual((await eventsNamed(server, 'impersonation.ended')).at(-1), {
      session_id: sid,
      user_id: id,
      email: 'owner@example.com',
      reason,
    });
    const listed = await impersonate(id);
    const query = new URLSearchParams({
      session_id: claimsOf(listed.access_token).sid,
      return_to: 'http://localhost:3000/',
    });
    const back = await fetch(`${server.url}/user_management/sessions/logout?${query}`, { redirect: 'manual' });
    assert.equal(back.headers.get('location'), 'http://localhost:3000/');
  });

  it('can be called off, which the app is told', async () => {
    const { id } = await makeUser(server);
    await ask(id);
    await owner.open(server.authorizeUrl({ state: 's' }));
    const done = await owner.submit({ answer: 'cancel' }, '/impersonate');
    assert.equal(done.location?.searchParams.get('error'), 'access_denied');
    assert.equal(done.location?.searchParams.get('state'), 's');
    const next = await owner.open(server.authorizeUrl());
    assert.match(owner.path, /^\/sign-in/, `${next.status}`);
  });

  it('leads nobody who calls it off to an address that was taken off the list meanwhile', async () => {
    const { id } = await makeUser(server);
    const uri = 'http://localhost:3000/leaving';
    const { json } = await server.api('POST', '/user_management/redirect_uris', { uri });
    await ask(id);
    await owner.open(server.authorizeUrl({ redirect_uri: uri }));
    assert.equal((await server.api('DELETE', `/user_management/redirect_uris/${json.id}`)).status, 204);
    const { status, location } = await owner.submit({ answer: 'cancel' }, '/impersonate');
    assert.deepEqual([status, location], [400, null]);
  });

  it('works once, and in the operator’s browser only', async () => {
    const user = await makeUser(server);
    await ask(user.id);
    const stranger = server.browser();
    await stranger.open(server.authorizeUrl());
    assert.match(stranger.path, /^\/sign-in/);

    await owner.open(server.authorizeUrl());
    const page = owner.path;
    const { hidden } = owner.form('/impersonate');
    assert.equal((await stranger.post(page, hidden)).status, 400);
    assert.equal((await owner.clone().post(page, { ...hidden, csrf: 'x' })).status, 403);
    assert.equal((await owner.clone().post(page, hidden, { 'sec-fetch-site': 'cross-site' })).status, 403);
    const copies = Array.from({ length: 6 }, () => owner.clone());
    const answers = await Promise.all(copies.map((copy) => copy.post(page, hidden)));
    const codes = new Set(answers.map(({ location }) => location?.searchParams.get('code')).filter(Boolean));
    assert.equal(codes.size, 1);
    assert.equal(
      (await eventsNamed(server, 'impersonation.started')).filter(({ user_id: id }) => id === user.id).length,
      1,
    );
    const thief = owner.clone();
    await thief.open(server.authorizeUrl());
    assert.match(thief.path, /^\/sign-in/);
  });

  it('cannot be made out of a sign-in, nor a sign-in out of it', async () => {
    const user = await makeUser(server);
    await ask(user.id);
    await owner.open(server.authorizeUrl());
    const attempt = owner.path.split('?')[1];
    const { hidden } = owner.form('/impersonate');
    for (const [path, step, fields] of [
      ['/sign-in', 'identify', { email: user.email }],
      ['/sign-in/password', 'password', { password: goodPassword }],
      ['/sign-in/confirm', 'confirm_redirect', {}],
    ] as const) {
      const answer = await owner.post(`${path}?${attempt}`, { ...hidden, step, ...fields });
      assert.equal(answer.location, null, path);
    }
    const ordinary = owner.clone();
    for (const name of [...ordinary.cookies.keys()])
      if (name.startsWith('authkit-impersonation')) ordinary.cookies.delete(name);
    await ordinary.open(server.authorizeUrl());
    const form = ordinary.form('/sign-in');
    const other = ordinary.path.split('?')[1];
    for (const [name, value] of owner.cookies)
      if (name.startsWith('authkit-impersonation')) ordinary.cookies.set(name, value);
    const answer = await ordinary.post(`/impersonate?${other}`, { ...form.hidden, step: 'impersonate' });
    assert.equal(answer.location, null);
  });
});
