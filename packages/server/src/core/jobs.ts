import { after, seconds } from './clock.ts';
import { newId } from './ids.ts';
import type { Logger } from './log.ts';
import { anyOf, type Database, type Db, skipLocked, sql } from './sql/index.ts';
import type { Vault } from './vault.ts';

/** How long a worker may hold a job before another one may take it over: longer than any handler may run. */
const leaseMs = seconds(60);
const pollMs = 1000;
const atOnce = 16;
/** Waits before the next try, in seconds; after the last one the job stays in the table as failed. */
const retrySeconds = [1, 5, 30, 120, 600, 3600];
/** After so many a job is given up, unless somebody asks for more. */
export const maxTries = retrySeconds.length + 1;

export interface Job {
  readonly id: string;
  readonly kind: string;
  readonly payload: unknown;
  readonly attempt: number;
}

type JobHandler = (job: Job) => Promise<void>;

/** The outbox: work written in the same transaction as the change that asks for it, done after the commit. */
export interface Jobs {
  /** @param runAt - not before this time; now, when not given */
  enqueue(tx: Db, kind: string, payload: unknown, runAt?: Date): Promise<void>;
  /** Tries jobs that failed again now, as if they had failed once; those that are gone or under way stay as they are. */
  retry(tx: Db, ids: readonly string[]): Promise<void>;
  handle(kind: string, handler: JobHandler): void;
  start(): void;
  /** Finishes what runs and takes nothing new. */
  stop(): Promise<void>;
  /** Resolves when nothing that is due is left: for tests and for a clean shutdown. */
  idle(): Promise<void>;
}

interface JobRow {
  readonly id: string;
  readonly kind: string;
  readonly sealedPayload: string;
  readonly attempts: number;
}

/** Payloads are sealed: a mail in the outbox carries a code, and a copy of the database must not. */
export function createJobs({
  db,
  now,
  vault,
  log,
}: {
  db: Database;
  now: () => Date;
  vault: Vault;
  log: Logger;
}): Jobs {
  const handlers = new Map<string, JobHandler>();
  let running: Promise<void> | null = null;
  let again = false;
  let timer: NodeJS.Timeout | null = null;
  let started = false;

  const wake = (): void => {
    if (!started) return;
    if (running) {
      again = true;
      return;
    }
    running = drain()
      .catch((error) => log.error({ err: error }, 'The job worker failed; it tries again shortly'))
      .finally(() => {
        running = null;
        if (again) {
          again = false;
          wake();
        }
      });
  };

  const drain = async (): Promise<void> => {
    while (started) {
      const jobs = await claim();
      if (jobs.length === 0) return;
      // All of them, even when the database went away for one: nothing may still run when the worker has stopped.
      const outcomes = await Promise.allSettled(jobs.map(perform));
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    }
  };

  const claim = (): Promise<JobRow[]> => {
    const at = now();
    return db.all(sql<JobRow>`
      update jobs set attempts = attempts + 1, leased_until_at = ${after(at, leaseMs)}
      where id in (
        select id from jobs
        where run_at <= ${at} and failed_at is null and (leased_until_at is null or leased_until_at <= ${at})
        order by run_at, id limit ${atOnce} ${skipLocked})
      returning id, kind, sealed_payload, attempts`);
  };

  const perform = async (row: JobRow): Promise<void> => {
    try {
      const handler = handlers.get(row.kind);
      if (!handler) throw new Error(`Nothing handles jobs of kind '${row.kind}'.`);
      const payload = JSON.parse(vault.open(row.sealedPayload, `jobs/${row.id}`));
      await handler({ id: row.id, kind: row.kind, payload, attempt: row.attempts });
      await db.run(sql`delete from jobs where id = ${row.id}`);
    } catch (error) {
      await postpone(row, error);
    }
  };

  const postpone = async (row: JobRow, error: unknown): Promise<void> => {
    const wait = retrySeconds[row.attempts - 1];
    log.warn({ err: error, job: row.id, kind: row.kind, attempt: row.attempts }, 'A job failed');
    const at = now();
    // Only while it is ours: a worker that was too slow must not take the lease of the one that took over.
    const ours = sql`where id = ${row.id} and attempts = ${row.attempts}`;
    await (wait === undefined
      ? db.run(sql`update jobs set failed_at = ${at} ${ours}`)
      : db.run(sql`update jobs set leased_until_at = null, run_at = ${after(at, seconds(wait))} ${ours}`));
  };

  return {
    async enqueue(tx, kind, payload, runAt) {
      const at = now();
      const id = newId('job', at);
      await tx.run(sql`
        insert into jobs (id, kind, sealed_payload, run_at, attempts, created_at)
        values (${id}, ${kind}, ${vault.seal(JSON.stringify(payload), `jobs/${id}`)}, ${runAt ?? at}, 0, ${at})`);
      tx.afterCommit(wake);
    },
    async retry(tx, ids) {
      const at = now();
      await tx.run(sql`
        update jobs set attempts = 1, failed_at = null, leased_until_at = null, run_at = ${at}
        where id ${anyOf(ids)} and attempts > 0 and (failed_at is not null or leased_until_at is null)`);
      tx.afterCommit(wake);
    },
    handle(kind, handler) {
      handlers.set(kind, handler);
    },
    start() {
      started = true;
      timer = setInterval(wake, pollMs);
      timer.unref();
      wake();
    },
    async stop() {
      started = false;
      if (timer) clearInterval(timer);
      await running;
    },
    async idle() {
      // The clock may have been moved: what is due now need not have been when the worker last looked.
      wake();
      while (running) await running;
    },
  };
}
