import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { changeSettings, eventsNamed, makeUser, otherEnvironment } from '../../../test/flows/steps.ts';
import { onEachEngine, type TestServer } from '../../../test/harness.ts';
import { Secret, sql, systemTenant } from '../../core/index.ts';
import { findClient } from '../../environments/index.ts';
import { answerDeviceAuthorization, findWaitingDevice, redeemDeviceCode } from './index.ts';

const path = '/user_management/authorize/device';
const noKey = { authorization: '' };

onEachEngine('devices without a browser', (start) => {
  let server: TestServer;
  before(async () => {
    server = await start();
  });
  after(() => server[Symbol.asyncDispose]());

  const begin = async (client_id = server.clientId) => (await server.api('POST', path, { client_id }, noKey)).json;
  const request = (ip = '192.0.2.1') => ({ ip }) as never;
  const services = () => server.running.services;
  const waiting = async (userCode: string, ip?: string) => findWaitingDevice(services(), userCode, request(ip));
  const poll = async (deviceCode: string, clientId = server.clientId) => {
    const client = await findClient(services(), clientId);
    assert.ok(client);
    const presented = {
      deviceCode: new Secret(deviceCode),
      client,
      jwtTemplate: null,
      ipAddress: null,
      userAgent: null,
    };
    return redeemDeviceCode(services(), systemTenant(client.environment.id), presented);
  };
  const answer = async (userCode: string, said: 'approved' | 'denied', userId?: string) => {
    const device = await waiting(userCode);
    assert.ok(device, 'nothing waits under this code');
    const by = {
      userId: userId ?? (await makeUser(server)).id,
      browserSessionId: null,
      organizationId: null,
      authenticationMethod: 'Password',
      proven: { password: 1 },
      authenticatedAt: server.clock.now(),
    } as const;
    const { id } = device.authorization;
    return services().db.transaction((tx) => answerDeviceAuthorization(services(), tx, device.tenant, id, said, by));
  };

  describe('POST /user_management/authorize/device', () => {
    it('answers both codes and the page, to JSON and to a form', async () => {
      const json = await server.api('POST', path, { client_id: server.clientId }, noKey);
      assert.equal(json.status, 200);
      const { device_code: deviceCode, user_code: userCode, ...rest } = json.json;
      assert.match(deviceCode, /^[0-9A-Za-z]{43}$/);
      assert.match(userCode, /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
      assert.deepEqual(rest, {
        verification_uri: `${server.url}/device`,
        verification_uri_complete: `${server.url}/device?user_code=${userCode}`,
        expires_in: 600,
        interval: 5,
      });
      const body = new URLSearchParams({ client_id: server.clientId, scope: 'openid' });
      const form = await fetch(server.url + path, { method: 'POST', body });
      assert.equal(form.status, 200);
    });

    it('refuses unknown clients and a missing one in the words of OAuth', async () => {
      const unknown = await server.api('POST', path, { client_id: 'client_unknown' }, noKey);
      assert.deepEqual([unknown.status, unknown.json.error], [400, 'invalid_client']);
      const hidden = await server.api('POST', path, { client_id: 'client_dashboard' }, noKey);
      assert.deepEqual([hidden.status, hidden.json.error], [400, 'invalid_client']);
      const missing = await server.api('POST', path, {}, noKey);
      assert.deepEqual([missing.status, missing.json.error], [400, 'invalid_request']);
    });

    it('does not exist where the owner switched it off, and ends what had begun', async () => {
      await using own = await start();
      const begun = (await own.api('POST', path, { client_id: own.clientId }, noKey)).json;
      await changeSettings(own, { deviceAuthorization: false });
      const refused = await own.api('POST', path, { client_id: own.clientId }, noKey);
      assert.deepEqual([refused.status, refused.json.error], [403, 'access_denied']);
      assert.equal(await findWaitingDevice(own.running.services, begun.user_code, request()), null);
    });

    it('keeps neither code', async () => {
      const { device_code: deviceCode, user_code: userCode } = await begin();
      const rows = JSON.stringify(await services().db.all(sql`select * from device_authorizations`));
      assert.ok(!rows.includes(deviceCode) && !rows.includes(userCode) && !rows.includes(userCode.replace('-', '')));
    });
  });

  describe('the user code', () => {
    it('is read in any case, with or without its dash', async () => {
      const { user_code: code } = await begin();
      for (const typed of [code, code.toLowerCase(), code.replace('-', ''), ` ${code.replace('-', ' – ')} `]) {
        assert.equal((await waiting(typed))?.client.clientId, server.clientId, typed);
      }
      for (const typed of ['', 'AAAA-AAAA', code.slice(0, -1), `${code}B`, `${code}\0`]) {
        assert.equal(await waiting(typed), null, typed);
      }
    });

    it('cannot be guessed at leisure', async () => {
      const guesses = Array.from({ length: 31 }, () =>
        waiting('BBBB-BBBB', '2001:db8::1').then(String, (error) => error.code),
      );
      assert.deepEqual(
        (await Promise.all(guesses)).filter((each) => each !== 'null'),
        ['rate_limit_exceeded'],
      );
      await assert.rejects(() => waiting('BBBB-BBBB', '2001:db8::ffff'), { code: 'rate_limit_exceeded' });
      assert.equal(await waiting('BBBB-BBBB', '2001:db8:1::1'), null);
    });

    it('is worth nothing once it was answered, or is over', async () => {
      const denied = await begin();
      await answer(denied.user_code, 'denied');
      assert.equal(await waiting(denied.user_code), null);
      const late = await begin();
      server.clock.advance(600);
      assert.equal(await waiting(late.user_code), null);
    });
  });

  describe('a poll', () => {
    it('waits, is told to slow down for good, and then gets the session, once', async () => {
      const { device_code: deviceCode, user_code: userCode } = await begin();
      assert.deepEqual(await poll(deviceCode), { outcome: 'pending', intervalSeconds: 5 });
      assert.deepEqual(await poll(deviceCode), { outcome: 'slow_down', intervalSeconds: 10 });
      server.clock.advance(6);
      assert.deepEqual(await poll(deviceCode), { outcome: 'slow_down', intervalSeconds: 15 });
      server.clock.advance(16);
      assert.deepEqual(await poll(deviceCode), { outcome: 'pending', intervalSeconds: 15 });
      const { id } = await makeUser(server);
      assert.equal(await answer(userCode, 'approved', id), true);
      const redeemed = await poll(deviceCode);
      assert.ok(redeemed.outcome === 'redeemed');
      assert.equal(redeemed.session.userId, id);
      assert.equal(redeemed.session.browserSessionId, null);
      assert.deepEqual(await poll(deviceCode), { outcome: 'replayed' });
      server.clock.advance(601);
      assert.deepEqual(await poll(deviceCode), { outcome: 'replayed' });
    });

    it('hands the tokens to one of ten', async () => {
      const { device_code: deviceCode, user_code: userCode } = await begin();
      const { id } = await makeUser(server);
      await answer(userCode, 'approved', id);
      const outcomes = (await Promise.all(Array.from({ length: 10 }, () => poll(deviceCode)))).map(
        (each) => each.outcome,
      );
      assert.deepEqual(outcomes.toSorted(), ['redeemed', ...Array(9).fill('replayed')].toSorted());
      assert.equal((await server.api('GET', `/user_management/users/${id}/sessions`)).json.data.length, 1);
    });

    it('counts ten impatient ones ten times', async () => {
      const { device_code: deviceCode } = await begin();
      await Promise.all(Array.from({ length: 10 }, () => poll(deviceCode)));
      assert.deepEqual(await poll(deviceCode), { outcome: 'slow_down', intervalSeconds: 5 + 10 * 5 });
    });

    it('is told of a refusal, and of the end', async () => {
      const denied = await begin();
      await answer(denied.user_code, 'denied');
      assert.deepEqual(await poll(denied.device_code), { outcome: 'denied' });
      const late = await begin();
      const tooLate = await begin();
      await answer(tooLate.user_code, 'approved');
      server.clock.advance(600);
      assert.deepEqual(await poll(late.device_code), { outcome: 'expired' });
      assert.deepEqual(await poll(tooLate.device_code), { outcome: 'expired' });
      assert.deepEqual(await poll(denied.device_code), { outcome: 'denied' });
    });

    it('is good for its own client only', async () => {
      const other = await otherEnvironment(server);
      const { device_code: deviceCode, user_code: userCode } = await begin();
      await answer(userCode, 'approved');
      assert.deepEqual(await poll(deviceCode, other.clientId), { outcome: 'unknown' });
      assert.deepEqual(await poll(deviceCode.toLowerCase()), { outcome: 'unknown' });
      assert.equal((await poll(deviceCode)).outcome, 'redeemed');
    });

    it('gets nothing for somebody who is gone', async () => {
      const { device_code: deviceCode, user_code: userCode } = await begin();
      const { id } = await makeUser(server);
      await answer(userCode, 'approved', id);
      await server.api('DELETE', `/user_management/users/${id}`);
      assert.deepEqual(await poll(deviceCode), { outcome: 'unknown' });
    });
  });

  it('are answered once, whoever is first, and the answer is recorded', async () => {
    const { user_code: userCode } = await begin();
    const before = (await eventsNamed(server, 'device_authorization.approved')).length;
    const device = await waiting(userCode);
    assert.ok(device);
    const { id: userId } = await makeUser(server);
    const by = {
      userId,
      browserSessionId: null,
      organizationId: null,
      authenticationMethod: 'Password',
      proven: { password: 1 },
      authenticatedAt: server.clock.now(),
    } as const;
    const say = (said: 'approved' | 'denied') =>
      services().db.transaction((tx) =>
        answerDeviceAuthorization(services(), tx, device.tenant, device.authorization.id, said, by),
      );
    const answers = await Promise.all(Array.from({ length: 8 }, () => say('approved')));
    assert.equal(answers.filter(Boolean).length, 1);
    assert.equal(await say('denied'), false);
    const events = await eventsNamed(server, 'device_authorization.approved');
    assert.equal(events.length, before + 1);
    assert.equal(events.at(-1)?.user_id, userId);
  });
});
