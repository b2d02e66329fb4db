import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { onEachEngine, type TestServices } from '../../test/engines.ts';
import { minutes } from './clock.ts';
import { TooManyRequests } from './errors.ts';
import { purgeCounters } from './limits.ts';
import { countRequest } from './request-limits.ts';
import { type Database, sql } from './sql/index.ts';

const limit = { name: 'test', max: 200, windowMs: minutes(1) };

/** How many of so many requests pass. */
function passing(services: TestServices, requests: number, key = 'key_1', factor = 1): number {
  let passed = 0;
  for (let n = 0; n < requests; n++) {
    try {
      countRequest(services, limit, key, factor);
      passed++;
    } catch (error) {
      assert.ok(error instanceof TooManyRequests);
    }
  }
  return passed;
}

/** Early in a window, so that none ends in the middle of a test. */
function atTheBeginning(services: TestServices): void {
  services.clock.moveTo(new Date(Math.ceil(Date.now() / limit.windowMs) * limit.windowMs + 1000));
}

/** Another node: it has the same database and a memory of its own. */
function otherNode(services: TestServices): TestServices {
  const { db } = services;
  const own: Pick<Database, 'engine' | 'one'> = { engine: db.engine, one: (statement) => db.one(statement) };
  return { ...services, db: own as Database };
}

const told = async ({ db }: TestServices): Promise<number[]> =>
  (await db.all(sql<{ count: number }>`select count from counters`)).map(({ count }) => count);

async function untilTold(services: TestServices, sum: number): Promise<void> {
  for (let tries = 0; tries < 2000 && !(await told(services)).includes(sum); tries++) await wait(10);
  assert.deepEqual(await told(services), [sum]);
}

onEachEngine('request limits', (open) => {
  it('let exactly the limit through on one node, and say when it goes on', async () => {
    await using services = await open();
    atTheBeginning(services);
    assert.equal(passing(services, 1000), limit.max);
    assert.throws(
      () => countRequest(services, limit, 'key_1'),
      (error) => error instanceof TooManyRequests && error.retryAfterSeconds >= 55 && error.retryAfterSeconds <= 59,
    );
    services.clock.advance(60);
    assert.equal(passing(services, 1000), limit.max);
    await untilSettled(services);
  });

  it('count keys apart, and multiply by the factor', async () => {
    await using services = await open();
    atTheBeginning(services);
    assert.equal(passing(services, 1000, 'key_1'), 200);
    assert.equal(passing(services, 1000, 'key_2'), 200);
    assert.equal(passing(services, 5000, 'key_3', 10), 2000);
    await untilSettled(services);
  });

  it('write nothing for a few requests, and at most twenty times for many', async () => {
    await using services = await open();
    atTheBeginning(services);
    let writes = 0;
    const db: Pick<Database, 'engine' | 'one'> = {
      engine: services.db.engine,
      one: (statement) => {
        writes++;
        return services.db.one(statement);
      },
    };
    const counted = { ...services, db: db as Database };
    passing(counted, 9);
    assert.equal(writes, 0);
    passing(counted, 991);
    assert.equal(writes, 20);
    await untilTold(services, 200);
    assert.match(JSON.stringify(await services.db.all(sql`select id from counters`)), /test:[\w-]{43}/);
    services.clock.advance(61);
    await purgeCounters(services);
    assert.deepEqual(await told(services), []);
  });

  it('count all nodes together, but for a twentieth each', async () => {
    await using services = await open();
    atTheBeginning(services);
    const other = otherNode(services);
    assert.equal(passing(services, 100), 100);
    await untilTold(services, 100);
    // It hears of the others with its own first step.
    assert.equal(passing(other, 10), 10);
    await untilTold(services, 110);
    assert.equal(passing(other, 500), 90);
    await untilTold(services, 200);
    // Ten were not known here when the other node counted them; the step that finds out is the last.
    const more = passing(services, 10);
    await untilTold(services, 210);
    assert.deepEqual([more, passing(services, 500)], [10, 0]);
  });

  it('hold here when the database is away', async () => {
    await using services = await open();
    atTheBeginning(services);
    const db: Pick<Database, 'engine' | 'one'> = { engine: 'sqlite', one: () => Promise.reject(new Error('gone')) };
    assert.equal(passing({ ...services, db: db as Database }, 1000), limit.max);
  });
});

/** What was told beside the requests is written before the database is closed. */
async function untilSettled(services: TestServices): Promise<void> {
  await services.db.transaction(async () => {});
  await wait(20);
}
