import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { onEachEngine, type TestServices } from '../../test/engines.ts';
import { createJobs, type Job, type Jobs } from './jobs.ts';
import { sql } from './sql/index.ts';

const enqueue = ({ db, jobs }: TestServices, payload: unknown, runAt?: Date, kind = 'mail') =>
  db.transaction((tx) => jobs.enqueue(tx, kind, payload, runAt));

/** A worker of its own on the same tables, as another node has one. */
function worker(services: TestServices, handler: (job: Job) => Promise<void>): Jobs & AsyncDisposable {
  const jobs = createJobs(services);
  jobs.handle('mail', handler);
  return Object.assign(jobs, { [Symbol.asyncDispose]: () => jobs.stop() });
}

const left = ({ db }: TestServices) =>
  db.all(sql<{ attempts: number; isFailed: boolean }>`
    select attempts, case when failed_at is null then 0 else 1 end as is_failed from jobs order by id`);

onEachEngine('jobs', (open) => {
  it('does what was asked for, once it is committed, and leaves nothing behind', async () => {
    await using services = await open();
    const { db, jobs } = services;
    const done: unknown[] = [];
    jobs.handle('mail', async ({ payload, attempt, kind }) => void done.push({ payload, attempt, kind }));
    jobs.start();
    await db.transaction(async (tx) => {
      await jobs.enqueue(tx, 'mail', { to: 'grace', list: [1, null] });
      await sleep(20);
      assert.deepEqual(done, []);
    });
    await jobs.idle();
    assert.deepEqual(done, [{ payload: { to: 'grace', list: [1, null] }, attempt: 1, kind: 'mail' }]);
    assert.deepEqual(await left(services), []);
    await jobs.stop();
  });

  it('does nothing for a transaction that did not happen', async () => {
    await using services = await open();
    const { db, jobs } = services;
    await using started = worker(services, () => Promise.reject(new Error('nobody asked')));
    started.start();
    const undone = db.transaction(async (tx) => {
      await jobs.enqueue(tx, 'mail', {});
      throw new Error('no');
    });
    await assert.rejects(undone, /no/);
    await started.idle();
    assert.deepEqual(await left(services), []);
  });

  it('runs each of a hundred jobs once, with three workers after them', async () => {
    await using services = await open();
    const runs = new Map<unknown, number>();
    const byWorker = [0, 0, 0];
    for (let n = 0; n < 100; n++) await enqueue(services, n);
    const workers = byWorker.map((_, index) =>
      worker(services, async ({ payload }) => {
        runs.set(payload, (runs.get(payload) ?? 0) + 1);
        byWorker[index] = (byWorker[index] ?? 0) + 1;
        await sleep(1);
      }),
    );
    for (const each of workers) each.start();
    await Promise.all(workers.map((each) => each.idle()));
    for (const each of workers) await each.stop();
    assert.equal(runs.size, 100);
    assert.deepEqual([...new Set(runs.values())], [1]);
    assert.ok(byWorker.filter((count) => count > 0).length > 1, `the work was not shared: ${byWorker}`);
  });

  it('tries again after waits that grow, and keeps for the operator what never worked', async () => {
    await using services = await open();
    const { clock } = services;
    const attempts: number[] = [];
    await using started = worker(services, async ({ attempt }) => {
      attempts.push(attempt);
      throw new Error('the mail server is away');
    });
    await enqueue(services, {});
    started.start();
    await started.idle();
    assert.deepEqual(attempts, [1]);
    await started.idle();
    assert.deepEqual(attempts, [1], 'not before its time');
    for (const wait of [1, 5, 30, 120, 600, 3600]) {
      clock.advance(wait - 1);
      await started.idle();
      const before = attempts.length;
      clock.advance(1.5);
      await started.idle();
      assert.equal(attempts.length, before + 1, `after ${wait} s`);
    }
    clock.advance(100_000);
    await started.idle();
    assert.deepEqual(attempts, [1, 2, 3, 4, 5, 6, 7]);
    assert.deepEqual(await left(services), [{ attempts: 7, isFailed: true }]);
  });

  it('works again after it failed once', async () => {
    await using services = await open();
    let attempts = 0;
    await using started = worker(services, async () => {
      if (++attempts === 1) throw new Error('once');
    });
    await enqueue(services, {});
    started.start();
    await started.idle();
    services.clock.advance(2);
    await started.idle();
    assert.deepEqual([attempts, await left(services)], [2, []]);
  });

  it('leaves one that hangs to the next worker, when its lease is over and not before', async () => {
    await using services = await open();
    const { clock } = services;
    const hanging = createJobs(services);
    const begun = Promise.withResolvers<void>();
    hanging.handle('mail', () => {
      begun.resolve();
      return new Promise(() => {});
    });
    await enqueue(services, 'work');
    hanging.start();
    await begun.promise;

    const taken: number[] = [];
    await using second = worker(services, async ({ attempt }) => void taken.push(attempt));
    second.start();
    clock.advance(55);
    await second.idle();
    assert.deepEqual(taken, []);
    clock.advance(10);
    await second.idle();
    assert.deepEqual(taken, [2]);
    assert.deepEqual(await left(services), []);
  });

  it('does not let a worker that was too slow give away the job of the one that took over', async () => {
    await using services = await open();
    const { clock } = services;
    const { promise, reject } = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const slow = worker(services, () => {
      begun.resolve();
      return promise;
    });
    await enqueue(services, 'work');
    slow.start();
    await begun.promise;
    clock.advance(61);

    const { promise: busy, resolve: finish } = Promise.withResolvers<void>();
    const taken = Promise.withResolvers<void>();
    const runs: number[] = [];
    const take = async ({ attempt }: Job) => {
      runs.push(attempt);
      taken.resolve();
      await busy;
    };
    const second = worker(services, take);
    second.start();
    await taken.promise;
    reject(new Error('much too late'));
    await slow.idle();
    await slow.stop();
    clock.advance(10);
    await using third = worker(services, take);
    third.start();
    await third.idle();
    assert.deepEqual(runs, [2]);
    finish();
    await second.idle();
    await second.stop();
  });

  it('waits for its time, and follows the clock', async () => {
    await using services = await open();
    const { clock } = services;
    const done: unknown[] = [];
    await using started = worker(services, async ({ payload }) => void done.push(payload));
    started.start();
    await enqueue(services, 'later', new Date(clock.now().getTime() + 60_000));
    await started.idle();
    assert.deepEqual(done, []);
    clock.advance(61);
    await started.idle();
    assert.deepEqual(done, ['later']);
  });

  it('is done by the next process when this one ends first', async () => {
    await using services = await open();
    await enqueue(services, 'kept');
    const done: unknown[] = [];
    await using next = worker(services, async ({ payload }) => void done.push(payload));
    next.start();
    await next.idle();
    assert.deepEqual(done, ['kept']);
  });

  it('finishes what it began when it is told to stop, and begins nothing more', async () => {
    await using services = await open();
    let running = 0;
    let done = 0;
    const begun = Promise.withResolvers<void>();
    const end = Promise.withResolvers<void>();
    const stopping = worker(services, async () => {
      running++;
      begun.resolve();
      await end.promise;
      done++;
    });
    for (let n = 0; n < 20; n++) await enqueue(services, n);
    stopping.start();
    await begun.promise;
    const stopped = stopping.stop();
    end.resolve();
    await stopped;
    assert.equal(done, running);
    assert.equal((await left(services)).length, 20 - done);
    assert.ok(done > 0 && done < 20, String(done));
  });

  it('seals what it is to do: a mail carries a code', async () => {
    await using services = await open();
    await enqueue(services, { code: '123456', to: 'grace@example.com' });
    const [row] = await services.db.all(
      sql<{ id: string; sealedPayload: string }>`select id, sealed_payload from jobs`,
    );
    assert.match(row?.sealedPayload ?? '', /^v1\./);
    assert.doesNotMatch(JSON.stringify(row), /123456|grace/);

    // Nor can it be handed to another job.
    await enqueue(services, 'mine');
    await services.db.run(sql`update jobs set sealed_payload = ${row?.sealedPayload ?? ''}`);
    const seen: unknown[] = [];
    await using started = worker(services, async ({ payload }) => void seen.push(payload));
    started.start();
    await started.idle();
    assert.deepEqual(seen, [{ code: '123456', to: 'grace@example.com' }]);
  });

  it('keeps a job nobody knows how to do', async () => {
    await using services = await open();
    await using started = worker(services, async () => {});
    started.start();
    await enqueue(services, {}, undefined, 'of a newer release');
    await started.idle();
    assert.deepEqual(await left(services), [{ attempts: 1, isFailed: false }]);
  });
});
