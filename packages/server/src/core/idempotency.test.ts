import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { onEachEngine, type TestServices } from '../../test/engines.ts';
import { IdempotencyMismatch, Unavailable } from './errors.ts';
import { once, purgeIdempotencyKeys, type StoredAnswer } from './idempotency.ts';
import { type Database, sql } from './sql/index.ts';

const request = {
  scope: 'key_1',
  method: 'POST',
  path: '/users',
  key: 'k',
  isAuthenticated: true,
  fingerprint: '{"email":"a"}',
};

const answerOf = (body: string, status = 201): StoredAnswer => ({
  status,
  headers: { 'content-type': 'application/json', 'set-cookie': ['a=1', 'b=2'] },
  body,
});

/** How often it was performed, and what it answers. */
function performing(answer: StoredAnswer = answerOf('{"id":"user_1"}')) {
  const calls = { count: 0 };
  return {
    calls,
    perform: async () => {
      calls.count++;
      return answer;
    },
  };
}

const countRows = ({ db }: TestServices) => db.one(sql<{ n: number }>`select count(*) as n from idempotency_keys`);

onEachEngine('idempotency', (open) => {
  it('performs once and answers the repeat with the same bytes', async () => {
    await using services = await open();
    const { calls, perform } = performing();
    const first = await once(services, request, perform);
    const repeated = await once(services, request, async () => answerOf('another'));
    assert.deepEqual(repeated, first);
    assert.equal(calls.count, 1);
  });

  it('repeats refusals too, and empty answers as empty', async () => {
    await using services = await open();
    const { calls, perform } = performing({ status: 404, headers: {}, body: null });
    assert.deepEqual(await once(services, request, perform), await once(services, request, perform));
    assert.equal(calls.count, 1);
  });

  it('refuses the key for another request', async () => {
    await using services = await open();
    const { perform } = performing();
    await once(services, request, perform);
    await assert.rejects(once(services, { ...request, fingerprint: '{"email":"b"}' }, perform), IdempotencyMismatch);
  });

  it('keeps callers, methods, paths and keys apart', async () => {
    await using services = await open();
    const { calls, perform } = performing();
    await once(services, request, perform);
    for (const other of [{ scope: 'key_2' }, { method: 'PUT' }, { path: '/users/{id}' }, { key: 'l' }])
      await once(services, { ...request, ...other }, perform);
    assert.equal(calls.count, 5);
  });

  it('does not keep what the caller is meant to try again', async () => {
    await using services = await open();
    for (const status of [429, 500, 503]) {
      const { calls, perform } = performing(answerOf('{}', status));
      await once(services, request, perform);
      await once(services, request, perform);
      assert.equal(calls.count, 2, String(status));
    }
    await assert.rejects(
      once(services, request, () => Promise.reject(new Error('ours'))),
      /ours/,
    );
    const { calls, perform } = performing();
    await once(services, request, perform);
    assert.equal(calls.count, 1);
  });

  it('lets one of twenty at once do the work, and the others wait for its answer', async () => {
    await using services = await open();
    let count = 0;
    const slow = async () => {
      count++;
      await sleep(120);
      return answerOf(`{"n":${count}}`);
    };
    const answers = await Promise.all(Array.from({ length: 20 }, () => once(services, request, slow)));
    assert.equal(count, 1);
    for (const answer of answers) assert.deepEqual(answer, answerOf('{"n":1}'));
  });

  it('lets the next one try when the first failed while others waited', async () => {
    await using services = await open();
    let count = 0;
    const begun = Promise.withResolvers<void>();
    const failFirst = async () => {
      if (++count > 1) return answerOf('second');
      begun.resolve();
      await sleep(60);
      throw new Error('first');
    };
    const [first, second] = await Promise.allSettled([
      once(services, request, failFirst),
      begun.promise.then(() => once(services, request, failFirst)),
    ]);
    assert.equal(first.status, 'rejected');
    assert.deepEqual(second.status === 'fulfilled' && second.value.body, 'second');
  });

  it('keeps the refusals of callers that proved nothing for nobody, and what succeeded for a repeat', async () => {
    await using services = await open();
    const anonymous = { ...request, isAuthenticated: false };
    const refused = { ...answerOf('refused'), status: 400 };
    await once(services, anonymous, async () => refused);
    assert.equal((await once(services, anonymous, async () => answerOf('second'))).body, 'second');
    assert.equal((await once(services, anonymous, async () => answerOf('third'))).body, 'second');
  });

  it('takes over what a process left behind when it died, also for another request', async () => {
    await using services = await open();
    const begun = Promise.withResolvers<void>();
    const dying = () => {
      begun.resolve();
      return new Promise<never>(() => {});
    };
    once(services, request, dying).catch(() => {});
    await begun.promise;
    services.clock.advance(61);
    const { perform } = performing();
    assert.equal((await once(services, request, perform)).status, 201);
  });

  it('does not let a request that was taken over undo or replace the answer of the other', async () => {
    await using services = await open();
    for (const late of ['answer', 'failure'] as const) {
      const wanted = { ...request, key: late };
      const slow = underWay(services, wanted);
      slow.answer.catch(() => {});
      await slow.begun;
      services.clock.advance(61);
      const taker = underWay(services, wanted);
      await taker.begun;
      if (late === 'answer') slow.resolve(answerOf('late'));
      else slow.reject(new Error('late'));
      await slow.answer.catch(() => {});
      taker.resolve(answerOf('taker'));
      await taker.answer;
      assert.equal((await once(services, wanted, async () => answerOf('third'))).body, 'taker', late);
    }
  });

  it('forgets after a day', async () => {
    await using services = await open();
    const { calls, perform } = performing();
    await once(services, request, perform);
    services.clock.advance(23 * 3600);
    await purgeIdempotencyKeys(services);
    await once(services, request, perform);
    assert.equal(calls.count, 1);
    services.clock.advance(2 * 3600);
    await once(services, request, perform);
    assert.equal(calls.count, 2);
    services.clock.advance(25 * 3600);
    await purgeIdempotencyKeys(services);
    assert.deepEqual(await countRows(services), { n: 0 });
  });

  it('stores neither the request nor the answer where a copy of the database could read them', async () => {
    await using services = await open();
    await once(services, { ...request, fingerprint: 'password' }, async () => answerOf('refresh_token'));
    const rows = JSON.stringify(await services.db.all(sql`select * from idempotency_keys`));
    assert.match(rows, /v1\./);
    assert.ok(!rows.includes('password') && !rows.includes('refresh_token'));
  });

  it('gives the answer of what was done even when it cannot be kept', async () => {
    await using services = await open();
    const away = failingFrom(services.db);
    const answer = await once({ ...services, db: away.db }, request, async () => {
      away.fail();
      return answerOf('done');
    });
    assert.equal(answer.body, 'done');
    const other = { ...request, key: 'other' };
    const away2 = failingFrom(services.db);
    const failing = once({ ...services, db: away2.db }, other, async () => {
      away2.fail();
      throw new Error('the reason');
    });
    await assert.rejects(failing, /the reason/);
  });
});

/** A request that has begun to be performed when `begun` is there, and ends as it is told to. */
function underWay(services: TestServices, wanted: typeof request) {
  const begun = Promise.withResolvers<void>();
  const { promise, resolve, reject } = Promise.withResolvers<StoredAnswer>();
  const answer = once(services, wanted, () => {
    begun.resolve();
    return promise;
  });
  return { begun: begun.promise, answer, resolve, reject };
}

/** The database, until it is told to be away. */
function failingFrom(db: Database): { db: Database; fail(): void } {
  let isAway = false;
  const handler: ProxyHandler<Database> = {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...parameters: unknown[]) =>
        isAway
          ? Promise.reject(new Unavailable())
          : (value as (...all: unknown[]) => unknown).apply(target, parameters);
    },
  };
  return {
    db: new Proxy(db, handler),
    fail() {
      isAway = true;
    },
  };
}
