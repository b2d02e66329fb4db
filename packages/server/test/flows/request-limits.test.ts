/** How often an application may call, and what is kept of keys that open nothing. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { countRequest, sql } from '../../src/core/index.ts';
import { type Answer, onEachEngine, type TestServer } from '../harness.ts';
import { asOperator, becomeOwner, byRefresh, changeSettings, eventsNamed } from './steps.ts';

const tenSeconds = 10_000;

/** Early in a window of every limit, so that none ends in the middle of a test. */
function atTheBeginning({ clock }: TestServer): void {
  clock.moveTo(new Date(Math.ceil(Date.now() / 60_000) * 60_000 + 500));
}

/** As if so many requests had come before: they are counted as the routes count them. */
function before({ running: { services } }: TestServer, name: string, key: string, times: number): void {
  const windowMs = name === 'api-call' ? 60_000 : tenSeconds;
  for (let n = 0; n < times; n++) countRequest(services, { name, max: times + 1, windowMs }, key);
}

const keyIdOf = async ({ running: { services }, environmentId }: TestServer): Promise<string> =>
  (await services.db.one(sql<{ id: string }>`select id from api_keys where environment_id = ${environmentId}`)).id;

const read = (server: TestServer): Promise<Answer> => server.api('GET', '/user_management/users?limit=1');
const write = (server: TestServer): Promise<Answer> => server.api('DELETE', '/user_management/users/user_nobody');

onEachEngine('request limits over HTTP', (start) => {
  it('are a thousand reads and five hundred writes in ten seconds', async () => {
    await using server = await start({ stagingLimitFactor: 1 });
    atTheBeginning(server);
    before(server, 'management-read', server.environmentId, 999);
    before(server, 'management-write', server.environmentId, 499);
    assert.deepEqual([(await read(server)).status, (await write(server)).status], [200, 404]);
    const refused = await read(server);
    assert.deepEqual(
      [refused.status, refused.json],
      [429, { code: 'rate_limit_exceeded', message: 'Too many requests. Wait a moment and try again.' }],
    );
    const seconds = Number(refused.headers.get('retry-after'));
    assert.ok(seconds >= 1 && seconds <= 10, String(seconds));
    assert.equal((await write(server)).status, 429);
    server.clock.advance(10);
    assert.deepEqual([(await read(server)).status, (await write(server)).status], [200, 404]);
  });

  it('are six thousand calls of one key in a minute, in the shape each endpoint’s clients read', async () => {
    await using server = await start({ stagingLimitFactor: 1 });
    const { refreshToken } = await server.signedUp('ada@example.com');
    atTheBeginning(server);
    before(server, 'api-call', await keyIdOf(server), 6000);
    assert.equal((await read(server)).json.code, 'rate_limit_exceeded');
    const refused = await server.token(byRefresh(refreshToken));
    const text = 'Too many requests. Wait a moment and try again.';
    assert.deepEqual(
      [refused.status, refused.json],
      [429, { error: 'too_many_requests', error_description: text, code: 'too_many_requests', message: text }],
    );
    assert.match(refused.headers.get('retry-after') ?? '', /^\d+$/);
    server.clock.advance(60);
    // What was refused has spent nothing.
    assert.equal((await server.token(byRefresh(refreshToken))).status, 200);
  });

  it('are wider in staging, unless its owner wants the real ones', async () => {
    await using server = await start();
    atTheBeginning(server);
    before(server, 'management-write', server.environmentId, 500);
    assert.equal((await write(server)).status, 404);
    await changeSettings(server, { productionLimits: true });
    assert.equal((await write(server)).status, 429);
    await changeSettings(server, { productionLimits: false });
    assert.equal((await write(server)).status, 404);
  });

  it('leave the dashboard to its operators when an application has used up its own', async () => {
    await using server = await start({ stagingLimitFactor: 1 });
    const owner = await becomeOwner(server);
    atTheBeginning(server);
    before(server, 'management-read', server.environmentId, 1000);
    assert.equal((await read(server)).status, 429);
    assert.equal((await asOperator(server, owner, 'GET', '/user_management/users')).status, 200);
  });
});

onEachEngine('a key that opens nothing', (start) => {
  const refusals = async (server: TestServer, count: number): Promise<Record<string, unknown>[]> => {
    for (let tries = 0; tries < 2000 && (await eventsNamed(server, 'api_key.refused')).length < count; tries++)
      await wait(10);
    return eventsNamed(server, 'api_key.refused');
  };

  it('leaves a record where it once opened something, or where the caller wanted to go', async () => {
    await using server = await start();
    const owner = await becomeOwner(server);
    const { json: key } = await asOperator(server, owner, 'POST', '/dashboard/api/api_keys', { body: { name: 'CI' } });
    await asOperator(server, owner, 'DELETE', `/dashboard/api/api_keys/${key.id}`);
    const headers = { authorization: `Bearer ${key.value}`, 'user-agent': 'thief/1' };
    assert.equal((await server.api('GET', '/user_management/users', undefined, headers)).status, 401);
    const from = { ip_address: '127.0.0.1', user_agent: 'thief/1' };
    assert.deepEqual(await refusals(server, 1), [{ api_key_id: key.id, reason: 'revoked', ...from }]);

    const guess = `sk_test_${'x'.repeat(43)}`;
    assert.equal((await server.token({ ...byRefresh('x'), client_secret: guess })).json.error, 'invalid_client');
    const [, second] = await refusals(server, 2);
    assert.deepEqual([second?.api_key_id, second?.reason], [null, 'unknown']);
    assert.ok(!JSON.stringify(await refusals(server, 2)).includes(guess.slice(8)));
  });

  it('leaves ten records a minute at most', async () => {
    await using server = await start();
    for (let n = 0; n < 30; n++) await server.token({ ...byRefresh('x'), client_secret: `sk_test_guess_number_${n}` });
    await wait(100);
    assert.equal((await refusals(server, 10)).length, 10);
    server.clock.advance(61);
    await server.token({ ...byRefresh('x'), client_secret: 'sk_test_one_more_guess' });
    assert.equal((await refusals(server, 11)).length, 11);
  });
});
