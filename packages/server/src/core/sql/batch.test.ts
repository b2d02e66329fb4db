import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Unavailable } from '../errors.ts';
import { batched } from './batch.ts';
import type { Database } from './database.ts';

/** Only what `batched` looks at: which engine it is, and that it is the same one. */
const databaseOf = (engine: Database['engine']): Database => ({ engine }) as Database;

describe('batched', () => {
  it('asks PostgreSQL once for what was asked in one turn, and hands each caller its own answer', async () => {
    const db = databaseOf('postgresql');
    const asked: number[][] = [];
    const double = batched<number, number>(async (_db, inputs) => {
      asked.push([...inputs]);
      return inputs.map((n) => n * 2);
    });
    const outputs = await Promise.all([3, 1, 2, 1].map((n) => double(db, n)));
    assert.deepEqual(outputs, [6, 2, 4, 2]);
    // The same input twice arrives twice: who runs the statement knows what makes two of them equal.
    assert.deepEqual(asked, [[3, 1, 2, 1]]);
  });

  it('sends at most 64 at a time, one batch after another, and forgets nobody', async () => {
    const db = databaseOf('postgresql');
    const sizes: number[] = [];
    let underWay = 0;
    let most = 0;
    const same = batched<number, number>(async (_db, inputs) => {
      sizes.push(inputs.length);
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setTimeout(resolve, 2));
      underWay--;
      return inputs;
    });
    const wanted = Array.from({ length: 500 }, (_, n) => n);
    assert.deepEqual(await Promise.all(wanted.map((n) => same(db, n))), wanted);
    assert.ok(Math.max(...sizes) <= 64 && most === 1, `${sizes} with ${most} at once`);
    assert.equal(await same(db, 7), 7);
  });

  it('lets others pass a batch that waits for a lock, but not without end', async () => {
    const db = databaseOf('postgresql');
    const locked = Promise.withResolvers<void>();
    let underWay = 0;
    const same = batched<number, number>(async (_db, inputs) => {
      underWay++;
      if (inputs.includes(0)) await locked.promise;
      return inputs;
    });
    const stuck: Promise<number>[] = [];
    for (let count = 1; count <= 4; count++) {
      stuck.push(same(db, 0));
      await new Promise(setImmediate);
      if (count < 4) assert.equal(await same(db, count), count);
    }
    const last = same(db, 9);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(underWay, 7);
    locked.resolve();
    assert.deepEqual(await Promise.all([...stuck, last]), [0, 0, 0, 0, 9]);
  });

  it('fails only the member that fails', async () => {
    const db = databaseOf('postgresql');
    const refuseOdd = batched<number, number>(async (_db, inputs) => {
      if (inputs.some((n) => n % 2 === 1)) throw new Error(`odd among ${inputs.length}`);
      return inputs;
    });
    const outcomes = await Promise.allSettled([2, 3, 4].map((n) => refuseOdd(db, n)));
    assert.deepEqual(
      outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : String(outcome.reason))),
      [2, 'Error: odd among 1', 4],
    );
  });

  it('does not ask again for each member when the database is away', async () => {
    const db = databaseOf('postgresql');
    let runs = 0;
    const away = batched<number, number>(async () => {
      runs++;
      throw new Unavailable();
    });
    const outcomes = await Promise.allSettled([1, 2, 3].map((n) => away(db, n)));
    assert.ok(outcomes.every((outcome) => outcome.status === 'rejected' && outcome.reason instanceof Unavailable));
    assert.equal(runs, 1);
  });

  it('refuses answers whose number does not match', async () => {
    for (const engine of ['sqlite', 'postgresql'] as const) {
      const short = batched<number, number>(async (_db, inputs) => inputs.slice(1));
      await assert.rejects(short(databaseOf(engine), 1), /1 inputs, 0 answers/);
    }
  });

  it('asks SQLite one by one, and keeps databases apart', async () => {
    const [one, two] = [databaseOf('sqlite'), databaseOf('postgresql')];
    const asked: [Database, readonly number[]][] = [];
    const note = batched<number, number>(async (db, inputs) => {
      asked.push([db as Database, inputs]);
      return inputs;
    });
    await Promise.all([note(one, 1), note(two, 2), note(one, 3), note(two, 4)]);
    assert.deepEqual(asked, [
      [one, [1]],
      [one, [3]],
      [two, [2, 4]],
    ]);
  });
});
