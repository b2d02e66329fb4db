import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { sql } from '../../src/core/index.ts';
import { goodPassword, onEachEngine, TestBrowser, type TestServer } from '../harness.ts';
import { asOperator, becomeOwner, makeUser, otherEnvironment, signIn } from './steps.ts';

onEachEngine('operators', (start) => {
  describe('the set-up link', () => {
    it('makes one owner and closes for good', async () => {
      await using server = await start();
      const { dashboardUrl } = server.running;
      assert.match(dashboardUrl, /\/dashboard\/setup\?token=\w{43,}$/);
      const owner = await becomeOwner(server);
      assert.ok(owner.cookies.get('authkit-operator'));
      const me = await asOperator(server, owner, 'GET', '/dashboard/api/me');
      assert.equal(me.status, 200);
      assert.equal(me.json.operator.email, 'owner@example.com');
      assert.equal(me.json.operator.role, 'owner');
      assert.deepEqual(me.json.environments, [
        { id: server.environmentId, name: 'Staging', kind: 'staging', client_id: server.clientId },
      ]);

      const late = server.browser();
      const page = await late.open(dashboardUrl);
      assert.equal(page.status, 403);
      assert.match(page.text, /set up already/);
      const posted = await late.post(new URL(dashboardUrl).pathname + new URL(dashboardUrl).search, {
        email: 'a@b.co',
      });
      assert.equal(posted.status, 403);
    });

    it('is refused with another token', async () => {
      await using server = await start();
      const token = new URL(server.running.dashboardUrl).searchParams.get('token') ?? '';
      for (const wrong of ['', 'x', token.slice(1), `${token}0`, token.toLowerCase()]) {
        const browser = server.browser();
        assert.equal((await browser.open(`/dashboard/setup?token=${wrong}`)).status, 403);
        const posted = await browser.post(`/dashboard/setup?token=${wrong}`, { email: 'owner@example.com' });
        assert.equal(posted.status, 403);
      }
      assert.equal((await server.browser().open(`/dashboard/setup`)).status, 403);
    });

    it('takes forms of its own page only', async () => {
      await using server = await start();
      const browser = server.browser();
      await browser.open(server.running.dashboardUrl);
      const { action, hidden } = browser.form();
      for (const [fields, headers] of [
        [{ ...hidden, csrf: '' }, {}],
        [{ ...hidden, csrf: `${hidden.csrf}0` }, {}],
        [hidden, { origin: 'https://evil.example' }],
        [hidden, { 'sec-fetch-site': 'cross-site' }],
      ] as const) {
        const answer = await browser.clone().post(action, { ...fields, email: 'owner@example.com' }, headers);
        assert.equal(answer.status, 403);
      }
      assert.equal((await browser.clone().post(action, { ...hidden, email: 'nonsense' })).status, 422);
    });

    it('makes one owner of two people who race for it', async () => {
      await using server = await start();
      const people = ['first@example.com', 'second@example.com'];
      const browsers = await Promise.all(
        people.map(async (email) => {
          const browser = server.browser();
          await browser.open(server.running.dashboardUrl);
          await browser.submit({ email });
          await browser.submit({ email, password: goodPassword });
          return { email, browser, code: await server.codeFor(email) };
        }),
      );
      await Promise.all(browsers.map(({ browser, code }) => browser.submit({ code })));
      const cookies = browsers.map(({ browser }) => browser.cookies.get('authkit-operator'));
      assert.equal(cookies.filter(Boolean).length, 1);
      const owners = await server.running.services.db.all(sql`select * from operators`);
      assert.equal(owners.length, 1);
      const loser = browsers.find(({ browser }) => !browser.cookies.get('authkit-operator'));
      assert.match(loser?.browser.text ?? '', /no access to this dashboard/);
      // Nor does signing in again help them: the token they hold is worth nothing any more.
      await loser?.browser.open('/dashboard/login');
      assert.equal(loser?.browser.cookies.get('authkit-operator'), undefined);
    });

    it('asks whoever has it to prove their inbox', async () => {
      await using server = await start();
      const browser = server.browser();
      await browser.open(server.running.dashboardUrl);
      await browser.submit({ email: 'owner@example.com' });
      await browser.submit({ email: 'owner@example.com', password: goodPassword });
      assert.match(browser.path, /^\/verify-email/);
      await browser.open('/dashboard/login');
      assert.equal(browser.cookies.get('authkit-operator'), undefined);
      assert.equal((await asOperator(server, browser, 'GET', '/dashboard/api/me')).status, 401);
    });
  });

  describe('signed in', () => {
    let server: TestServer;
    let owner: TestBrowser;
    before(async () => {
      server = await start();
      owner = await becomeOwner(server);
    });
    after(() => server[Symbol.asyncDispose]());

    const signInAgain = async (browser = server.browser(), path = '/dashboard/login') => {
      await browser.open(path);
      await browser.submit({ email: 'owner@example.com' });
      await browser.submit({ password: goodPassword });
      return browser;
    };
    const statusOf = async (
      browser: TestBrowser,
      path: string,
      more?: Parameters<typeof asOperator>[4],
      method = 'GET',
    ) => (await asOperator(server, browser, method, path, more)).status;
    const users = '/dashboard/api/users';

    it('need nothing but the password, and the cookie is strict', async () => {
      const browser = server.browser();
      await browser.open('/dashboard/login?return_to=/dashboard/users');
      await browser.submit({ email: 'owner@example.com' });
      const { action, hidden } = browser.form('/sign-in/password');
      const cookie = [...browser.cookies].map((pair) => pair.join('=')).join('; ');
      const sent = await fetch(new URL(action, server.url), {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie, origin: server.url },
        body: new URLSearchParams({ ...hidden, password: goodPassword }),
      });
      const callback = await fetch(sent.headers.get('location') ?? '', { redirect: 'manual', headers: { cookie } });
      assert.equal(callback.status, 302);
      assert.equal(callback.headers.get('location'), '/dashboard/users');
      const operator = callback.headers.getSetCookie().find((each) => each.startsWith('authkit-operator=')) ?? '';
      assert.match(operator, /^authkit-operator=\w{43,}; Path=\/; HttpOnly; SameSite=Strict$/);
      const again = await fetch(sent.headers.get('location') ?? '', { redirect: 'manual', headers: { cookie } });
      assert.equal(again.status, 400, 'the same answer twice');
    });

    it('come back to a path of the dashboard and nowhere else', async () => {
      const away = [
        'https://evil.example',
        '//evil.example',
        '/\\evil',
        '/sign-in',
        '/dashboard/../x',
        '/dashboard//x',
        'javascript:x',
      ];
      for (const return_to of away) {
        const browser = await signInAgain();
        const cookie = [...browser.cookies].map((pair) => pair.join('=')).join('; ');
        const begun = await fetch(`${server.url}/dashboard/login?${new URLSearchParams({ return_to })}`, {
          redirect: 'manual',
          headers: { cookie },
        });
        const state = begun.headers.getSetCookie()[0]?.split(';')[0] ?? '';
        const authorized = await fetch(server.url + begun.headers.get('location'), {
          redirect: 'manual',
          headers: { cookie },
        });
        const done = await fetch(authorized.headers.get('location') ?? '', {
          redirect: 'manual',
          headers: { cookie: `${cookie}; ${state}` },
        });
        assert.equal(done.headers.get('location'), '/dashboard', return_to);
      }
    });

    it('are not signed in by an answer that another browser asked for', async () => {
      const attacker = await signInAgain();
      const cookie = [...attacker.cookies].map((pair) => pair.join('=')).join('; ');
      const begun = await fetch(`${server.url}/dashboard/login`, { redirect: 'manual', headers: { cookie } });
      const authorized = await fetch(server.url + begun.headers.get('location'), {
        redirect: 'manual',
        headers: { cookie },
      });
      const victim = server.browser();
      const answer = await victim.open(authorized.headers.get('location') ?? '');
      assert.equal(answer.status, 400);
      assert.equal(victim.cookies.get('authkit-operator'), undefined);
      const begunToo = server.browser();
      await begunToo.open('/dashboard/login');
      assert.equal((await begunToo.open(authorized.headers.get('location') ?? '')).status, 400);
      for (const path of [
        '/dashboard/callback',
        '/dashboard/callback?code=x&state=',
        '/dashboard/callback?error=access_denied',
      ]) {
        assert.equal((await server.browser().open(path)).status, 400);
      }
    });

    it('name the environment they mean', async () => {
      assert.equal(await statusOf(owner, users), 200);
      assert.equal(await statusOf(owner, users, { headers: { 'x-authkit-environment': null } }), 403);
      for (const unknown of ['environment_01ARZ3NDEKTSV4RRFFQ69G5FAV', 'x', "' or 1=1 --"]) {
        const headers = { 'x-authkit-environment': unknown };
        assert.equal(await statusOf(owner, users, { headers }), 404, unknown);
        assert.equal(await statusOf(owner, '/user_management/users', { headers }), 404, unknown);
      }
      const other = await otherEnvironment(server, { name: 'Second' });
      await makeUser(server);
      const there = await asOperator(server, owner, 'GET', users, {
        headers: { 'x-authkit-environment': other.environmentId },
      });
      assert.deepEqual(there.json.data, []);
    });

    it('never reach the dashboard’s own environment, nor see it in a list', async () => {
      const hidden = await server.running.services.db.one(
        sql<{ id: string }>`select id from environments where is_hidden = 1`,
      );
      const headers = { 'x-authkit-environment': hidden.id };
      const paths = [
        'users',
        'environment',
        'events',
        'overview',
        'checklist',
        'signing_keys',
        'api_keys',
        'sign_out_redirects',
      ];
      for (const path of paths) assert.equal(await statusOf(owner, `/dashboard/api/${path}`, { headers }), 404, path);
      for (const path of [
        '/user_management/users',
        '/user_management/redirect_uris',
        '/user_management/cors_origins',
      ]) {
        assert.equal(await statusOf(owner, path, { headers }), 404, path);
      }
      const redirect = { body: { uri: 'https://evil.example/cb' }, headers };
      assert.equal(await statusOf(owner, '/user_management/redirect_uris', redirect, 'POST'), 404);
      assert.equal(await statusOf(owner, '/dashboard/api/settings', { body: {}, headers }, 'PATCH'), 404);
      const me = await asOperator(server, owner, 'GET', '/dashboard/api/me');
      assert.ok(!JSON.stringify(me.json.environments).includes(hidden.id));
      assert.ok(!me.json.environments.some(({ name }: { name: string }) => name === 'Dashboard'));
      const found = await asOperator(server, owner, 'GET', `${users}?search=owner`);
      assert.deepEqual(found.json.data, []);
    });

    it('are believed when the request comes from our own pages', async () => {
      const body = { uri: 'http://localhost:3000/from-the-dashboard' };
      const path = '/user_management/redirect_uris';
      const elsewhere: readonly Record<string, string | null>[] = [
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
        { 'sec-fetch-site': 'none' },
        { 'sec-fetch-site': null, origin: 'https://evil.example' },
        { 'sec-fetch-site': null, origin: 'http://localhost:3000' },
        { 'sec-fetch-site': null, origin: 'null' },
      ];
      for (const headers of elsewhere) {
        assert.equal(await statusOf(owner, path, { body, headers }, 'POST'), 403, JSON.stringify(headers));
        assert.equal(await statusOf(owner, '/dashboard/api/sign_out', { headers }, 'POST'), 403);
      }
      assert.equal(await statusOf(owner, path, { body }, 'POST'), 201);
    });

    it('are not whoever has a cookie that looks like it', async () => {
      const cookie = owner.cookies.get('authkit-operator') ?? '';
      for (const value of ['', 'x', cookie.slice(1), `${cookie}0`, cookie.toLowerCase(), `${cookie}\0`]) {
        const browser = new TestBrowser(server.url);
        browser.cookies.set('authkit-operator', encodeURIComponent(value));
        assert.equal(await statusOf(browser, '/dashboard/api/me'), 401, value);
        assert.equal(await statusOf(browser, users), 401, value);
      }
      const answer = await asOperator(server, server.browser(), 'GET', '/dashboard/api/me');
      assert.equal(answer.json.message, 'Unauthorized');
    });

    it('are not people of an app, whatever those are signed in to', async () => {
      const { email } = await makeUser(server, { email: 'owner@example.com' });
      const { browser } = await signIn(server, email);
      const answer = await browser.open('/dashboard/login');
      assert.equal(answer.status, 200);
      assert.match(browser.path, /^\/sign-in/, 'their sign-in of another environment counted');
      assert.equal(browser.cookies.get('authkit-operator'), undefined);
      const [own] = [...browser.cookies].filter(([name]) => name.startsWith('authkit-session-'));
      const disguised = browser.clone();
      disguised.cookies.set('authkit-operator', own?.[1] ?? '');
      assert.equal(await statusOf(disguised, '/dashboard/api/me'), 401);
    });

    it('cannot be made by signing up at the dashboard', async () => {
      const browser = server.browser();
      await browser.open('/dashboard/login');
      assert.doesNotMatch(browser.text, /\/sign-up/);
      const { action, hidden } = browser.form();
      const attempt = action.split('?')[1];
      await browser.open(`/sign-up?${attempt}`);
      assert.match(browser.path, /^\/sign-in/);
      const fields = { ...hidden, step: 'sign_up', email: 'new@example.com', password: goodPassword };
      await browser.post(`/sign-up?${attempt}`, fields);
      assert.match(browser.path, /^\/sign-in/);
      assert.deepEqual(await server.mails('new@example.com'), []);
    });

    it('hold no key: theirs opens nothing of the API without the cookie, and no key opens the dashboard', async () => {
      assert.equal((await server.api('GET', '/dashboard/api/me')).status, 401);
      assert.equal((await server.api('GET', users)).status, 401);
      const { authorization } = { authorization: `Bearer ${owner.cookies.get('authkit-operator')}` };
      assert.equal((await server.api('GET', '/user_management/users', undefined, { authorization })).status, 401);
    });

    it('prove themselves again for what cannot be taken back', async () => {
      const browser = await signInAgain();
      const create = () => asOperator(server, browser, 'POST', '/dashboard/api/api_keys', { body: { name: 'Key' } });
      assert.equal((await create()).status, 201);
      server.clock.advance(901);
      const late = await create();
      assert.equal(late.status, 403);
      assert.equal(late.json.code, 'reauthentication_required');
      const old = browser.clone();
      await signInAgain(browser, late.json.reauthenticate_url);
      assert.equal((await create()).status, 201);
      assert.equal(await statusOf(old, '/dashboard/api/me'), 401, 'the cookie of before still works');
    });

    it('prove themselves again for what lets somebody in: a password, an address, a place to be sent to', async () => {
      const browser = await signInAgain();
      const { id } = await server.create.user();
      const uri = { uri: 'http://localhost:9100/cb' };
      const call = (method: string, path: string, body?: unknown) =>
        asOperator(server, browser, method, path, { body });
      const made = {
        redirect: (await call('POST', '/user_management/redirect_uris', { uri: 'http://localhost:9101/cb' })).json.id,
        away: (await call('POST', '/dashboard/api/sign_out_redirects', { uri: 'http://localhost:9101/' })).json.id,
        cors: (await call('POST', '/user_management/cors_origins', { origin: 'http://localhost:9101' })).json.id,
      };
      const user = `/user_management/users/${id}`;
      const letsIn: [string, string, unknown?][] = [
        ['PUT', user, { password: `${goodPassword}, and another` }],
        ['PUT', user, { password_hash: '{SSHA}0NB2OKLtVoW8sT0vwBctASMfxDs8Z4wR', password_hash_type: 'ssha' }],
        ['PUT', user, { email: 'mine@evil.example' }],
        ['PUT', user, { email_verified: true }],
        ['POST', '/user_management/redirect_uris', uri],
        ['PUT', `/dashboard/api/redirect_uris/${made.redirect}/default`],
        ['DELETE', `/user_management/redirect_uris/${made.redirect}`],
        ['POST', '/dashboard/api/sign_out_redirects', uri],
        ['PUT', `/dashboard/api/sign_out_redirects/${made.away}/default`],
        ['DELETE', `/dashboard/api/sign_out_redirects/${made.away}`],
        ['POST', '/user_management/cors_origins', { origin: 'http://localhost:9100' }],
        ['DELETE', `/dashboard/api/cors_origins/${made.cors}`],
      ];
      server.clock.advance(901);
      for (const [method, path, body] of letsIn) {
        const { status, json } = await call(method, path, body);
        assert.deepEqual([status, json?.code], [403, 'reauthentication_required'], `${method} ${path}`);
      }
      // The rest goes on, and so does a server with its key.
      assert.equal((await call('PUT', user, { first_name: 'Ada', password: null })).status, 200);
      assert.equal((await server.api('PUT', user, { email: 'ada@example.org' })).status, 200);
      await signInAgain(browser, '/dashboard/login?fresh=1');
      for (const [method, path, body] of letsIn) {
        const { status } = await call(method, path, body);
        // The default redirect is deleted by nobody while there are others.
        assert.ok(status < 300 || status === 409, `${method} ${path}: ${status}`);
      }
    });

    it('are signed out after twelve hours without a request, and after seven days in any case', async () => {
      const idle = await signInAgain();
      const busy = await signInAgain();
      for (let hours = 0; hours < 7 * 24 - 11; hours += 11) {
        server.clock.advance(11 * 3600);
        assert.equal(await statusOf(busy, '/dashboard/api/me'), 200, `after ${hours + 11} hours`);
      }
      assert.equal(await statusOf(idle, '/dashboard/api/me'), 401);
      server.clock.advance(11 * 3600);
      assert.equal(await statusOf(busy, '/dashboard/api/me'), 401);
    });

    it('are signed out when they say so, here and for every copy of the cookie', async () => {
      const browser = await signInAgain();
      const copy = browser.clone();
      const answer = await asOperator(server, browser, 'POST', '/dashboard/api/sign_out');
      assert.equal(answer.status, 200);
      assert.deepEqual(answer.json, { redirect_to: '/dashboard/signed-out' });
      assert.match(answer.headers.getSetCookie().join(), /authkit-operator=; Path=\/; Max-Age=0/);
      assert.equal(await statusOf(copy, '/dashboard/api/me'), 401);
      await copy.open('/dashboard/login');
      assert.match(copy.path, /^\/sign-in/, 'signed on again without a password');
      assert.equal((await server.browser().open('/dashboard/signed-out')).status, 200);
    });
  });
});
