import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  asOperator,
  becomeOwner,
  changeSettings,
  eventsNamed,
  makeUser,
  otherEnvironment,
} from '../../test/flows/steps.ts';
import { onEachEngine, type TestBrowser, type TestServer } from '../../test/harness.ts';
import { authenticatedTenant, type RequestInfo, sql, systemTenant } from '../core/index.ts';
import { findClient } from '../environments/index.ts';
import { redeemImpersonation, waitingImpersonation } from './index.ts';

const reason = 'Ticket 4711: the invoice does not open';

onEachEngine('impersonation', (start) => {
  let server: TestServer;
  let owner: TestBrowser;
  before(async () => {
    server = await start();
    owner = await becomeOwner(server);
    await changeSettings(server, { impersonation: true });
  });
  after(() => server[Symbol.asyncDispose]());

  const path = (id: string) => `/dashboard/api/users/${id}/impersonation`;
  const begin = (id: string, body: unknown = { reason }, headers: Record<string, string | null> = {}) =>
    asOperator(server, owner, 'POST', path(id), { body, headers });
  const tokenOf = ({ headers }: { headers: Headers }) =>
    /authkit-impersonation-[^=]+=([^;]+)/.exec(headers.getSetCookie().join('\n'))?.[1] ?? null;
  const holding = (token: string | null) => ({ cookie: () => token }) as unknown as RequestInfo;
  const waiting = async (token: string | null, clientId = server.clientId) => {
    const client = await findClient(server.running.services, clientId);
    assert.ok(client);
    return waitingImpersonation(server.running.services, systemTenant(client.environment.id), client, holding(token));
  };
  const redeem = (userId: string, token: string | null) =>
    server.running.services.db.transaction((tx) =>
      redeemImpersonation(server.running.services, tx, systemTenant(server.environmentId), userId, holding(token)),
    );

  describe('POST /dashboard/api/users/{id}/impersonation', () => {
    it('answers where it begins, and leaves the token in this browser only', async () => {
      const user = await makeUser(server);
      const answer = await begin(user.id);
      const at = server.clock.now().getTime();
      assert.equal(answer.status, 201);
      assert.deepEqual(Object.keys(answer.json).sort(), ['expires_at', 'url']);
      assert.equal(answer.json.url, 'http://localhost:3000/login');
      assert.ok(Math.abs(Date.parse(answer.json.expires_at) - at - 300_000) < 10_000);
      const [cookie = ''] = answer.headers.getSetCookie();
      assert.match(cookie, /^authkit-impersonation-\w+=[0-9A-Za-z]{43}; Path=\/; Max-Age=300; HttpOnly; SameSite=Lax$/);
      const rows = JSON.stringify(await server.running.services.db.all(sql`select * from impersonations`));
      assert.ok(!rows.includes(tokenOf(answer) ?? '-'));
      const asked = (await eventsNamed(server, 'impersonation.requested')).at(-1);
      assert.deepEqual({ ...asked, id: '' }, { id: '', user_id: user.id, email: 'owner@example.com', reason });
    });

    it('wants a reason', async () => {
      const { id } = await makeUser(server);
      for (const body of [{}, { reason: '' }, { reason: '   ' }, { reason: 'a\u0007b' }, { reason: 'x'.repeat(501) }]) {
        assert.equal((await begin(id, body)).status, 422, JSON.stringify(body));
      }
    });

    it('is for operators who signed in a short while ago, and no API key', async () => {
      const { id } = await makeUser(server);
      assert.equal((await server.api('POST', path(id), { reason })).status, 401);
      await using own = await start();
      const operator = await becomeOwner(own);
      await changeSettings(own, { impersonation: true });
      const user = await makeUser(own);
      own.clock.advance(16 * 60);
      const stale = await asOperator(own, operator, 'POST', path(user.id), { body: { reason } });
      assert.deepEqual([stale.status, stale.json.code], [403, 'reauthentication_required']);
    });

    it('says what is missing: the user, the setting, the sign-in endpoint', async () => {
      const unknown = await begin('user_01ARZ3NDEKTSV4RRFFQ69G5FAV');
      assert.deepEqual([unknown.status, unknown.json.code], [404, 'entity_not_found']);
      const other = await otherEnvironment(server);
      const { id } = await makeUser(server);
      const foreign = await begin(id, { reason }, { 'x-authkit-environment': other.environmentId });
      assert.deepEqual([foreign.status, foreign.json.code], [404, 'entity_not_found']);
      await using own = await start();
      const operator = await becomeOwner(own);
      const user = await makeUser(own);
      const ask = () => asOperator(own, operator, 'POST', path(user.id), { body: { reason } });
      const off = await ask();
      assert.deepEqual([off.status, off.json.code], [403, 'impersonation_disabled']);
      await changeSettings(own, { impersonation: true });
      await asOperator(own, operator, 'PATCH', '/dashboard/api/application', { body: { sign_in_endpoint: null } });
      const nowhere = await ask();
      assert.deepEqual([nowhere.status, nowhere.json.code], [409, 'sign_in_endpoint_not_set']);
    });
  });

  describe('what waits in the browser', () => {
    it('is there to be looked at as often as one likes, and spent once, however many try', async () => {
      const user = await makeUser(server);
      const token = tokenOf(await begin(user.id));
      const before = (await eventsNamed(server, 'impersonation.started')).length;
      const found = await waiting(token);
      assert.equal(found?.userId, user.id);
      assert.equal((await waiting(token))?.id, found?.id);
      const spent = await Promise.all(Array.from({ length: 8 }, () => redeem(found?.userId ?? '', token)));
      assert.equal(spent.filter(Boolean).length, 1);
      assert.equal(await waiting(token), null);
      const started = await eventsNamed(server, 'impersonation.started');
      assert.equal(started.length, before + 1);
      assert.deepEqual(started.at(-1), { id: found?.id, user_id: user.id, email: 'owner@example.com', reason });
    });

    it('is void after five minutes, or once the operator asked for somebody else', async () => {
      const first = tokenOf(await begin((await makeUser(server)).id));
      const second = tokenOf(await begin((await makeUser(server)).id));
      assert.equal(await waiting(first), null);
      assert.ok(await waiting(second));
      await using own = await start();
      const operator = await becomeOwner(own);
      await changeSettings(own, { impersonation: true });
      const user = await makeUser(own);
      const late = tokenOf(await asOperator(own, operator, 'POST', path(user.id), { body: { reason } }));
      own.clock.advance(300);
      const client = await findClient(own.running.services, own.clientId);
      assert.ok(client);
      const tenant = authenticatedTenant(own.environmentId, { type: 'user', id: 'x', name: null });
      assert.equal(await waitingImpersonation(own.running.services, tenant, client, holding(late)), null);
    });

    it('is nothing to another environment, to a guess, or without the setting', async () => {
      const token = tokenOf(await begin((await makeUser(server)).id));
      const other = await otherEnvironment(server);
      assert.equal(await waiting(token, other.clientId), null);
      assert.equal(await waiting(`${token}x`), null);
      assert.equal(await waiting(null), null);
      const found = await waiting(token);
      assert.equal(await redeem('user_other', token), null);
      assert.equal(await redeem(found?.userId ?? '', token), null, 'a wrong page spends it all the same');
      const again = tokenOf(await begin((await makeUser(server)).id));
      await changeSettings(server, { impersonation: false });
      assert.equal(await waiting(again), null);
      await changeSettings(server, { impersonation: true });
    });

    it('goes with the user', async () => {
      const { id } = await makeUser(server);
      const token = tokenOf(await begin(id));
      await server.api('DELETE', `/user_management/users/${id}`);
      assert.equal(await waiting(token), null);
    });
  });
});
