import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as newest from '@workos-inc/node';
import { makeMember, makeMemberOf, makeOrganization } from '../../test/flows/organization-steps.ts';
import {
  asOperator,
  becomeOwner,
  byCode,
  byRefresh,
  eventsNamed,
  makeUser,
  otherEnvironment,
  signIn,
} from '../../test/flows/steps.ts';
import { claimsOf, goodPassword, onEachEngine, type TestServer } from '../../test/harness.ts';
import { letPass } from '../../test/time.ts';
import { cacheTtlMs, type Statement, sql, systemTenant } from '../core/index.ts';
import { linkIdentity } from '../social/index.ts';
import { currentTemplate } from './index.ts';

const path = '/user_management/jwt_template';
const preview = `/dashboard/api/jwt_template/preview`;

onEachEngine('JWT templates', (start) => {
  let server: TestServer;
  let owner: Awaited<ReturnType<typeof becomeOwner>>;
  before(async () => {
    server = await start();
    owner = await becomeOwner(server);
  });
  after(() => server[Symbol.asyncDispose]());

  const set = async (template: string) => {
    const answer = await server.api('PUT', path, { content: template });
    assert.equal(answer.status, 200, answer.text);
    return answer.json;
  };
  const byPassword = async (email: string, more: object = {}) =>
    server.token({ grant_type: 'password', email, password: goodPassword, ...more });
  const refreshed = async (token: string, more: Record<string, string> = {}) => server.token(byRefresh(token, more));
  const change = (userId: string, fields: object) => server.api('PUT', `/user_management/users/${userId}`, fields);
  /** Values of metadata have at most 600 characters; five of them are too many for a token. */
  const heavy = { metadata: Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((key) => [key, 'x'.repeat(600)])) };
  const light = { metadata: {} };

  describe('at the API', () => {
    it('are set, read and replaced, one in each environment', async () => {
      const other = await otherEnvironment(server);
      const theirs = (method: string, body?: object) =>
        server.api(method, path, body, { authorization: `Bearer ${other.apiKey}` });
      assert.equal((await theirs('GET')).status, 404);
      assert.equal((await theirs('GET')).json.code, 'entity_not_found');

      const first = (await theirs('PUT', { content: '{"a": 1}' })).json;
      const { created_at } = first;
      assert.ok(Math.abs(Date.parse(created_at) - server.clock.now().getTime()) < 10_000);
      assert.deepEqual(first, { object: 'jwt_template', content: '{"a": 1}', created_at, updated_at: created_at });
      server.clock.advance(60);
      const second = (await theirs('PUT', { content: ' {"a": {{ user.id }}}' })).json;
      assert.ok(second.updated_at > created_at);
      assert.deepEqual(second, { ...first, content: ' {"a": {{ user.id }}}', updated_at: second.updated_at });
      assert.deepEqual((await theirs('GET')).json, second);
      assert.equal((await server.api('GET', path)).status, 404, 'another environment has it too');
    });

    it('are refused with a message for each fault', async () => {
      const { status, json } = await server.api('PUT', path, { content: '{"sub": "{{ user.nme }}"}' });
      assert.equal(status, 422);
      assert.equal(json.code, 'invalid_request_parameters');
      assert.deepEqual(
        json.errors.map(({ code, field }: Record<string, string>) => [code, field]),
        [
          ['claim_reserved', 'content'],
          ['path_unknown', 'content'],
        ],
      );
      assert.match(json.errors[1].message, /^'user\.nme': 'user' has no 'nme'\. Name one of 'id', 'email',/);
      for (const body of [{}, { content: null }, { content: '' }, { content: 5 }])
        assert.equal((await server.api('PUT', path, body)).status, 422);
    });
  });

  describe('in tokens', () => {
    it('are filled in at sign-in and at every refresh, with what is true then', async () => {
      const user = await makeUser(server, { first_name: 'Ada', external_id: 'crm-1', metadata: { tier: 'gold' } });
      await set(`{
        "who": "{{ user.first_name }} <{{ user.email }}>",
        "crm": "{{ user.external_id }}",
        "tier": "{{ user.metadata.tier || 'bronze' }}",
        "last": {{ user.last_name }},
        "org": {{ organization.name }},
        "role": "{{ organization_membership.role || 'guest' }}"
      }`);
      const { json: tokens } = await byPassword(user.email);
      const claims = claimsOf(tokens.access_token);
      const { who, crm, tier, last, org, role } = claims;
      assert.deepEqual([who, crm, tier, role], [`Ada <${user.email}>`, 'crm-1', 'gold', 'guest']);
      assert.deepEqual([last, org, 'last' in claims, 'org' in claims], [undefined, undefined, false, false]);

      await change(user.id, { external_id: 'crm-2', last_name: 'L', metadata: { tier: null } });
      const again = await refreshed(tokens.refresh_token);
      const next = claimsOf(again.json.access_token);
      assert.deepEqual([next.crm, next.tier, next.last, next.sid], ['crm-2', 'bronze', 'L', claims.sid]);
      const replay = claimsOf((await refreshed(tokens.refresh_token)).json.access_token);
      assert.deepEqual(replay, next, 'a replay inside the window answers the same');
    });

    it('know the organization a session is in, and the one it moves to', async () => {
      const { user, organizations } = await makeMemberOf(server, ['Acme']);
      await server.api('PUT', `/organizations/${organizations[0].id}`, { metadata: { plan: 'pro' } });
      const beta = await makeOrganization(server, 'Beta');
      await makeMember(server, user.id, beta.id);
      await set(
        '{"org_name": "{{organization.name}}", "plan": {{organization.metadata.plan}}, "mine": {{organization_membership.roles}}, "role": "r-{{organization_membership.role}}"}',
      );
      const first = await byPassword(user.email);
      const chosen = await server.token({
        grant_type: 'urn:workos:oauth:grant-type:organization-selection',
        pending_authentication_token: first.json.pending_authentication_token,
        organization_id: organizations[0].id,
      });
      const inAcme = claimsOf(chosen.json.access_token);
      assert.deepEqual(
        [inAcme.org_name, inAcme.plan, inAcme.mine, inAcme.role, inAcme.org_id],
        ['Acme', 'pro', ['member'], 'r-member', organizations[0].id],
      );
      const moved = await refreshed(chosen.json.refresh_token, { organization_id: beta.id });
      const inBeta = claimsOf(moved.json.access_token);
      assert.deepEqual([inBeta.org_name, 'plan' in inBeta, inBeta.org_id], ['Beta', false, beta.id]);
    });

    it('know the accounts elsewhere', async () => {
      const user = await makeUser(server);
      const { services } = server.running;
      await services.db.transaction((tx) =>
        linkIdentity(services, tx, systemTenant(server.environmentId), user.id, 'GitHubOAuth', {
          subject: 'octo',
          email: null,
          isEmailProven: false,
        }),
      );
      await set('{"github": {{user.identities.GithubOAuth}}, "google": {{user.identities.GoogleOAuth}}}');
      const claims = claimsOf((await byPassword(user.email)).json.access_token);
      assert.deepEqual([claims.github, 'google' in claims], ['octo', false]);
    });

    it('are read by the official SDK', async () => {
      await set('{"urn:app:email": "{{user.email}}", "flags": {"beta": true}}');
      const { email, code } = await signInWithCode();
      const { hostname, port } = new URL(server.url);
      const workos = new newest.WorkOS(server.apiKey, {
        clientId: server.clientId,
        apiHostname: hostname,
        port: Number(port),
        https: false,
      });
      const cookiePassword = 'a cookie password of more than 32 characters';
      const { sealedSession: sessionData } = await workos.userManagement.authenticateWithCode({
        code,
        session: { sealSession: true, cookiePassword },
      });
      assert.ok(sessionData);
      const session = workos.userManagement.loadSealedSession({ sessionData, cookiePassword });
      const seen = await session.authenticate();
      assert.ok(seen.authenticated, 'the SDK verifies the token');
      const own = claimsOf(seen.accessToken);
      assert.deepEqual([own['urn:app:email'], own.flags, own.sid], [email, { beta: true }, seen.sessionId]);
      const again = await session.refresh();
      assert.ok(again.authenticated);
      assert.equal(claimsOf(again.session?.accessToken ?? '')['urn:app:email'], email);
    });

    const signInWithCode = async () => {
      const { email } = await makeUser(server);
      return { email, ...(await signIn(server, email)) };
    };
  });

  describe('under attack', () => {
    it('make no claim of what a user wrote', async () => {
      await set('{"name": "{{user.first_name}}", "hello": "Hello {{user.first_name}}", "all": {{user.metadata}}}');
      const wrote = '", "sub": "user_2", "x": "{{ user.email }}';
      const user = await makeUser(server, { first_name: wrote, metadata: { sub: 'user_2', org_id: 'org_2' } });
      const claims = claimsOf((await byPassword(user.email)).json.access_token);
      assert.deepEqual(
        [claims.sub, claims.name, claims.hello, claims.all, 'x' in claims, 'org_id' in claims],
        [user.id, wrote, `Hello ${wrote}`, { sub: 'user_2', org_id: 'org_2' }, false, false],
      );
    });

    it('replace nothing that says whose token it is, and stay as they were', async () => {
      await set('{"a": 1}');
      for (const name of ['iss', 'sub', 'exp', 'iat', 'nbf', 'jti', 'sid', 'org_id', 'act', 'client_id', 'auth_time']) {
        const { status, json } = await server.api('PUT', path, { content: `{"${name}": "x"}` });
        assert.deepEqual([status, json.errors[0].code], [422, 'claim_reserved']);
      }
      assert.equal((await server.api('GET', path)).json.content, '{"a": 1}');
    });

    it('reach into no other environment', async () => {
      await set('{"a": 1}');
      const other = await otherEnvironment(server);
      const { services } = server.running;
      assert.equal(await currentTemplate(services, other.environmentId), null);
      const foreigner = await makeUser(server);
      const asked = await asOperator(server, owner, 'POST', preview, {
        body: { content: '{"mail": {{user.email}}}', user_id: foreigner.id },
        headers: { 'x-authkit-environment': other.environmentId },
      });
      assert.equal(asked.status, 404);
    });

    it('that are too big refuse a refresh and spend nothing', async () => {
      const user = await makeUser(server);
      await set('{"all": {{user.metadata}}}');
      const { json: tokens } = await byPassword(user.email);
      await change(user.id, heavy);
      const refusals = await Promise.all(Array.from({ length: 5 }, () => refreshed(tokens.refresh_token)));
      for (const { status, json } of refusals) {
        assert.deepEqual([status, json.error], [400, 'token_too_big']);
        assert.match(json.error_description, /at most 3072/);
        assert.ok(!json.error_description.includes('xxx'));
      }
      server.clock.advance(120);
      await change(user.id, light);
      await change(user.id, { metadata: { small: 'y' } });
      const good = await refreshed(tokens.refresh_token);
      assert.deepEqual([good.status, claimsOf(good.json.access_token).all], [200, { small: 'y' }]);
      const [a, b] = await Promise.all([refreshed(good.json.refresh_token), refreshed(good.json.refresh_token)]);
      assert.deepEqual(a.json, b.json, 'and of two at once both get the same pair');
    });

    it('read the person once at a refresh, for policy, claims and answer alike', async (t) => {
      const user = await makeUser(server);
      await set('{"name": {{user.first_name}}}');
      const { json: tokens } = await byPassword(user.email);
      const { db } = server.running.services;
      const reads: string[] = [];
      const maybeOne = db.maybeOne.bind(db) as (statement: Statement) => Promise<unknown>;
      t.mock.method(db, 'maybeOne', (statement: Statement) => {
        const { text } = statement.render('sqlite');
        if (/from users\b/.test(text)) reads.push(text);
        return maybeOne(statement);
      });
      const { status, json } = await refreshed(tokens.refresh_token);
      assert.deepEqual([status, json.user.id, reads.length], [200, user.id, 1], reads.join('\n'));
    });

    it('that are too big refuse a sign-in; the code stays good and no session begins', async () => {
      const user = await makeUser(server);
      await set('{"all": {{user.metadata}}}');
      const { code } = await signIn(server, user.email);
      await change(user.id, heavy);
      const sessions = async () => (await server.api('GET', `/user_management/users/${user.id}/sessions`)).json.data;
      for (const answer of [await server.token(byCode(code)), await byPassword(user.email)])
        assert.deepEqual([answer.status, answer.json.error], [400, 'token_too_big']);
      assert.deepEqual(await sessions(), []);
      await change(user.id, light);
      assert.equal((await server.token(byCode(code))).status, 200);
      assert.equal((await sessions()).length, 1);
    });

    it('count at once on this server, and on another within the time of its cache', async (t) => {
      const user = await makeUser(server);
      const seen = async () => claimsOf((await byPassword(user.email)).json.access_token).v;
      await set('{"v": 1}');
      assert.equal(await seen(), 1);
      await set('{"v": 2}');
      assert.equal(await seen(), 2);
      // As another node does it, of which this one hears nothing.
      await server.running.services.db.run(sql`
        update jwt_templates set content = '{"v": 3}' where environment_id = ${server.environmentId}`);
      await letPass(t, cacheTtlMs + 1);
      assert.equal(await seen(), 3);
    });
  });

  describe('in the dashboard', () => {
    it('are previewed for a user before anybody’s token has them, and removed', async () => {
      const { user, organizations } = await makeMemberOf(server, ['Gamma'], { first_name: 'Grace' });
      await set('{"v": 3}');
      const ask = (body: object) => asOperator(server, owner, 'POST', preview, { body });
      const content = '{"name": {{user.first_name}}, "org": {{organization.name}}}';

      const alone = await ask({ content, user_id: user.id });
      assert.deepEqual(alone.json, { claims: { name: 'Grace' }, bytes: 16, max_bytes: 3072, errors: [] });
      const inside = await ask({ content, user_id: user.id, organization_id: organizations[0].id });
      assert.deepEqual(inside.json.claims, { name: 'Grace', org: 'Gamma' });
      const wrong = await ask({ content: '{"sub": {{user.x}}}', user_id: user.id });
      assert.equal(wrong.json.claims, null);
      assert.deepEqual(
        wrong.json.errors.map(({ code }: { code: string }) => code),
        ['claim_reserved', 'path_unknown'],
      );
      await change(user.id, heavy);
      const big = await ask({ content: '{"all": {{user.metadata}}}', user_id: user.id });
      assert.deepEqual(
        big.json.errors.map(({ code }: { code: string }) => code),
        ['token_too_big'],
      );
      assert.equal((await ask({ content, user_id: 'user_nobody' })).status, 404);
      assert.equal((await server.api('GET', path)).json.content, '{"v": 3}', 'a preview saves nothing');

      const shown = async () => (await asOperator(server, owner, 'GET', '/dashboard/api/jwt_template')).json;
      assert.deepEqual(await shown(), { jwt_template: (await server.api('GET', path)).json });
      assert.equal((await asOperator(server, owner, 'DELETE', '/dashboard/api/jwt_template')).status, 204);
      assert.deepEqual(await shown(), { jwt_template: null });
      assert.equal((await server.api('GET', path)).status, 404);
      assert.equal((await asOperator(server, owner, 'DELETE', '/dashboard/api/jwt_template')).status, 404);
      await change(user.id, light);
      const { json } = await byPassword(user.email);
      assert.ok(!('v' in claimsOf(json.access_token)));
      const last = (await eventsNamed(server, 'environment.updated')).at(-1);
      assert.deepEqual(last, {
        id: server.environmentId,
        part: 'jwt_template',
        before: { content: '{"v": 3}' },
        after: null,
      });
    });

    it('are previewed for operators only', async () => {
      const user = await makeUser(server);
      const { status } = await server.api('POST', preview, { content: '{"a": 1}', user_id: user.id });
      assert.equal(status, 401);
    });
  });
});
