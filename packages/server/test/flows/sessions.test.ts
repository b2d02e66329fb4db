import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { claimsOf, goodPassword, onEachEngine, type TestBrowser, type TestServer } from '../harness.ts';
import { makeInvitation, makeMemberOf } from './organization-steps.ts';
import { asOperator, becomeOwner, makeUser, newSession, otherEnvironment, signedInBrowser, signIn } from './steps.ts';

onEachEngine('sessions and what is told of them', (start) => {
  let server: TestServer;
  before(async () => {
    server = await start();
  });
  after(() => server[Symbol.asyncDispose]());

  const listOf = (userId: string, query = '') => server.api('GET', `/user_management/users/${userId}/sessions${query}`);

  describe('GET /user_management/users/{id}/sessions', () => {
    it('shows each with its state, the newest first', async () => {
      const { browser, id } = await signedInBrowser(server);
      const created = server.clock.now();
      const { access_token } = await newSession(server, browser);
      const { sid } = claimsOf(access_token);
      const { json } = await listOf(id);
      const [session] = json.data;
      assert.deepEqual(
        { ...session, created_at: '', updated_at: '', expires_at: '' },
        {
          object: 'session',
          id: sid,
          user_id: id,
          auth_method: 'password',
          status: 'active',
          ip_address: '127.0.0.1',
          user_agent: session.user_agent,
          ended_at: null,
          expires_at: '',
          created_at: '',
          updated_at: '',
        },
      );
      const lifetime = Date.parse(session.expires_at) - Date.parse(session.created_at);
      assert.equal(lifetime, 30 * 86_400_000);
      assert.ok(Math.abs(Date.parse(session.created_at) - created.getTime()) < 10_000);
    });

    it('calls them expired by inactivity and by age, and revoked when somebody ended them', async () => {
      const { browser, id } = await signedInBrowser(server);
      const first = claimsOf((await newSession(server, browser)).access_token);
      const statusOf = async () => (await listOf(id)).json.data.map(({ status }: { status: string }) => status);
      assert.deepEqual(await statusOf(), ['active']);
      server.clock.advance(7 * 86_400 + 1);
      assert.deepEqual(await statusOf(), ['expired']);
      await server.api('POST', '/user_management/sessions/revoke', { session_id: first.sid });
      assert.deepEqual(await statusOf(), ['revoked']);
    });

    it('pages through them with cursors of the same list only', async () => {
      const { browser, id } = await signedInBrowser(server);
      const sids: string[] = [];
      for (let count = 0; count < 5; count++) {
        server.clock.advance(1);
        sids.unshift(claimsOf((await newSession(server, browser)).access_token).sid);
      }
      const seen: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const { json } = await listOf(id, `?limit=2${cursor && `&after=${cursor}`}`);
        seen.push(...json.data.map((session: { id: string }) => session.id));
        cursor = json.list_metadata.after;
      }
      assert.deepEqual(seen, sids);
      const stranger = await signedInBrowser(server);
      const { sid } = claimsOf((await newSession(server, stranger.browser)).access_token);
      const foreign = await listOf(id, '?after=session_01ARZ3NDEKTSV4RRFFQ69G5FAV');
      assert.ok(foreign.status >= 400 && foreign.status < 500, String(foreign.status));
      assert.ok(!JSON.stringify((await listOf(id, `?after=${sid}`)).json).includes(`"id":"${sid}"`));
    });

    it('knows no user of another environment', async () => {
      const other = await otherEnvironment(server);
      const { id } = await makeUser(server);
      const authorization = `Bearer ${other.apiKey}`;
      const answer = await server.api('GET', `/user_management/users/${id}/sessions`, undefined, { authorization });
      assert.equal(answer.status, 404);
      assert.equal((await listOf('user_01ARZ3NDEKTSV4RRFFQ69G5FAV')).status, 404);
    });
  });

  describe('POST /user_management/sessions/revoke', () => {
    it('answers nothing, twice, and leaves other sessions of the person alone', async () => {
      const { browser, email } = await signedInBrowser(server);
      const { sid } = claimsOf((await newSession(server, browser)).access_token);
      const { browser: other } = await signIn(server, email);
      const kept = await newSession(server, other);
      for (let turn = 0; turn < 2; turn++) {
        const answer = await server.api('POST', '/user_management/sessions/revoke', { session_id: sid });
        assert.deepEqual([answer.status, answer.text, answer.headers.get('content-type')], [200, '', null]);
      }
      const refreshed = await server.token({ grant_type: 'refresh_token', refresh_token: kept.refresh_token });
      assert.equal(refreshed.status, 200);
    });

    it('knows no session of another environment', async () => {
      const other = await otherEnvironment(server);
      const { browser } = await signedInBrowser(server);
      const { access_token, refresh_token } = await newSession(server, browser);
      const authorization = `Bearer ${other.apiKey}`;
      const body = { session_id: claimsOf(access_token).sid };
      const foreign = await server.api('POST', '/user_management/sessions/revoke', body, { authorization });
      const unknown = await server.api('POST', '/user_management/sessions/revoke', { session_id: 'session_unknown' });
      assert.deepEqual([foreign.status, foreign.json.code], [404, 'entity_not_found']);
      assert.deepEqual([unknown.status, unknown.json.code], [404, 'entity_not_found']);
      assert.equal((await server.token({ grant_type: 'refresh_token', refresh_token })).status, 200);
    });
  });

  describe('the dashboard', () => {
    let owner: TestBrowser;
    before(async () => {
      owner = await becomeOwner(server);
    });

    it('tells what happened to a person, in order and to nobody else', async () => {
      const { email, id } = await makeUser(server);
      const wrong = server.browser();
      await wrong.open(server.authorizeUrl());
      await wrong.submit({ email });
      await wrong.submit({ password: 'not the password' });
      const { browser } = await signIn(server, email);
      const { sid } = claimsOf((await newSession(server, browser)).access_token);
      await server.api('POST', '/user_management/sessions/revoke', { session_id: sid });
      const { json } = await asOperator(
        server,
        owner,
        'GET',
        `/dashboard/api/events?user_id=${id}&limit=100&order=asc`,
      );
      assert.deepEqual(
        json.data.map(({ event }: { event: string }) => event),
        [
          'user.created',
          'authentication.password_failed',
          'authentication.password_succeeded',
          'sign_in.completed',
          'session.created',
          'session.revoked',
        ],
      );
      assert.ok(
        json.data.every(({ data }: { data: { user_id?: string; id?: string } }) => (data.user_id ?? data.id) === id),
      );
    });

    it('tells what happened to an organization, by its own name and by that of all that belongs to it', async () => {
      const { user, organizations } = await makeMemberOf(server, ['Acme', 'Other']);
      const [acme, elsewhere] = organizations;
      await server.api('PUT', `/organizations/${acme.id}`, { name: 'Acme Ltd' });
      await makeInvitation(server, 'grace@example.com', { organization_id: acme.id });
      await asOperator(server, owner, 'PATCH', `/dashboard/api/organizations/${acme.id}/policy`, {
        body: { mfa: 'required' },
      });
      const of = async (query: string, more = {}) =>
        (await asOperator(server, owner, 'GET', `/dashboard/api/events?${query}&limit=100`, more)).json.data
          .map(({ event }: { event: string }) => event)
          .sort();
      assert.deepEqual(await of(`organization_id=${acme.id}`), [
        'invitation.created',
        'organization.created',
        'organization.policy_updated',
        'organization.updated',
        'organization_membership.created',
      ]);
      assert.deepEqual(await of(`organization_id=${elsewhere.id}`), [
        'organization.created',
        'organization_membership.created',
      ]);
      assert.deepEqual(await of(`organization_id=${acme.id}&user_id=${user.id}`), ['organization_membership.created']);
      const other = await otherEnvironment(server);
      const headers = { 'x-authkit-environment': other.environmentId };
      assert.deepEqual(await of(`organization_id=${acme.id}`, { headers }), []);
    });

    it('tells it to its own environment only', async () => {
      const other = await otherEnvironment(server);
      const headers = { 'x-authkit-environment': other.environmentId };
      const { json } = await asOperator(server, owner, 'GET', '/dashboard/api/events?limit=100', { headers });
      assert.deepEqual(
        json.data.map(({ event }: { event: string }) => event),
        ['api_key.created'],
      );
      const counts = await asOperator(server, owner, 'GET', '/dashboard/api/overview', { headers });
      assert.deepEqual(counts.json, { sign_ins_24h: 0, sign_ups_24h: 0, failures_24h: 0 });
    });

    it('counts the last day', async () => {
      await using own = await start();
      const operator = await becomeOwner(own);
      const overview = async () => (await asOperator(own, operator, 'GET', '/dashboard/api/overview')).json;
      const { email } = await makeUser(own);
      await signIn(own, email);
      await signIn(own, email);
      await signIn(own, 'nobody@example.com').catch(() => null);
      assert.deepEqual(await overview(), { sign_ins_24h: 2, sign_ups_24h: 0, failures_24h: 1 });
      // Another session of a browser that is signed in already is no other sign-in.
      const { browser } = await own.signUp('ada@example.com');
      await newSession(own, browser);
      // Somebody who gets no further than their password has signed up, and not in: it is theirs with the code.
      const halfway = own.browser();
      await halfway.open(own.authorizeUrl({ screen_hint: 'sign-up' }));
      await halfway.submit({ email: 'brian@example.com', password: goodPassword });
      await signIn(own, 'brian@example.com').catch(() => null);
      assert.deepEqual(await overview(), { sign_ins_24h: 3, sign_ups_24h: 2, failures_24h: 2 });
      // Twelve hours and a second look keep the operator signed in.
      own.clock.advance(11 * 3600);
      await overview();
      own.clock.advance(11 * 3600);
      await overview();
      own.clock.advance(2 * 3600 + 60);
      assert.deepEqual(await overview(), { sign_ins_24h: 0, sign_ups_24h: 0, failures_24h: 0 });
    });
  });
});
