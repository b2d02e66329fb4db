import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { letPass } from '../../test/time.ts';
import { cache, cacheTtlMs, forgetEverything } from './cache.ts';
import type { Database } from './sql/index.ts';

const database = (): Database => ({}) as Database;

/** Counts how often it was asked to load. */
function counting() {
  const loads = { count: 0 };
  return { loads, load: async () => ++loads.count };
}

describe('cache', () => {
  it('loads once, however many ask at the same time', async () => {
    const known = cache<number>({ max: 10 });
    const db = database();
    const { loads, load } = counting();
    assert.deepEqual(await Promise.all([1, 2, 3].map(() => known.get(db, 'a', load))), [1, 1, 1]);
    assert.equal(await known.get(db, 'a', load), 1);
    assert.equal(await known.get(db, 'b', load), 2);
    assert.equal(loads.count, 2);
  });

  it('asks again when its time is over', async (t) => {
    const known = cache<number>({ max: 10, ttlMs: 30_000 });
    const db = database();
    const { load } = counting();
    assert.equal(await known.get(db, 'a', load), 1);
    assert.equal(await known.get(db, 'a', load), 1);
    await letPass(t, 30_001);
    assert.equal(await known.get(db, 'a', load), 2);
  });

  it('is never more than five seconds behind other nodes', () => {
    assert.equal(cacheTtlMs, 5000);
  });

  it('forgets at once what it is told to, and only that', async () => {
    const known = cache<number>({ max: 10 });
    const [db, other] = [database(), database()];
    const { load } = counting();
    for (const [where, key] of [
      [db, 'a'],
      [db, 'b'],
      [other, 'a'],
    ] as const)
      await known.get(where, key, load);
    known.forget(db, 'a');
    assert.equal(await known.get(db, 'a', load), 4);
    assert.equal(await known.get(db, 'b', load), 2);
    assert.equal(await known.get(other, 'a', load), 3);
    known.forgetAll(db);
    assert.equal(await known.get(db, 'b', load), 5);
    assert.equal(await known.get(other, 'a', load), 3);
    forgetEverything();
    assert.equal(await known.get(other, 'a', load), 6);
  });

  it('does not keep what was read before it was told to forget', async () => {
    const known = cache<string>({ max: 10 });
    const db = database();
    const { promise, resolve } = Promise.withResolvers<string>();
    const early = known.get(db, 'a', () => promise);
    known.forget(db, 'a');
    resolve('old');
    assert.equal(await early, 'old');
    assert.equal(await known.get(db, 'a', async () => 'new'), 'new');
  });

  it('does not keep a failure, nor let an old one remove a newer value', async () => {
    const known = cache<string>({ max: 10 });
    const db = database();
    await assert.rejects(
      known.get(db, 'a', () => Promise.reject(new Error('away'))),
      /away/,
    );
    assert.equal(await known.get(db, 'a', async () => 'back'), 'back');

    const { promise, reject } = Promise.withResolvers<string>();
    const failing = known.get(db, 'b', () => promise);
    known.forget(db, 'b');
    assert.equal(await known.get(db, 'b', async () => 'newer'), 'newer');
    reject(new Error('late'));
    await assert.rejects(failing, /late/);
    assert.equal(await known.get(db, 'b', async () => 'loaded again'), 'newer');
  });

  it('holds only so many', async () => {
    const known = cache<number>({ max: 2 });
    const db = database();
    const { load } = counting();
    for (const key of ['a', 'b', 'c']) await known.get(db, key, load);
    assert.equal(await known.get(db, 'c', load), 3);
    assert.equal(await known.get(db, 'a', load), 4);
  });

  it('remembers that there is nothing', async () => {
    const known = cache<number | null>({ max: 2 });
    const db = database();
    let loads = 0;
    const load = async () => {
      loads++;
      return null;
    };
    assert.deepEqual([await known.get(db, 'a', load), await known.get(db, 'a', load), loads], [null, null, 1]);
  });
});
