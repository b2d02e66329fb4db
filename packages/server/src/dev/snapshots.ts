import {
  type Database,
  EntityNotFound,
  emptyTables,
  forgetEverything,
  type MovableClock,
  newId,
  restoreSnapshot,
  type Services,
  type Snapshot,
  takeSnapshot,
} from '../core/index.ts';
import { keepKeys } from '../keys/index.ts';
import { quiet } from './quiet.ts';

/** Kept in memory, so only so many; a new one then takes the place of the oldest. */
const snapshotLimit = 50;

export interface Snapshots {
  take(): Promise<{ id: string; createdAt: Date }>;
  /** @throws {EntityNotFound} when there is none of that id, or newer ones took its place */
  restore(id: string): Promise<void>;
  reset(): Promise<void>;
}

/**
 * Remembers and puts back what the tables hold, and how far the clock was from real time: tokens and codes that were good
 * then are good again. Mails and other jobs that are under way are let through first: afterwards they would arrive in a
 * world that did not cause them. Signing keys stay, see `keepKeys`.
 *
 * @param setUp - makes the first start's rows in empty tables
 */
export function createSnapshots(
  { db, jobs, now, clock }: Pick<Services, 'jobs' | 'now'> & { readonly db: Database; readonly clock: MovableClock },
  setUp: () => Promise<void>,
): Snapshots {
  const taken = new Map<string, { readonly tables: Snapshot; readonly offsetMs: number }>();

  return {
    async take() {
      await quiet(jobs);
      const createdAt = now();
      const id = newId('snapshot', createdAt);
      taken.set(id, { tables: await takeSnapshot(db), offsetMs: clock.offsetMs });
      for (const oldest of taken.keys()) {
        if (taken.size <= snapshotLimit) break;
        taken.delete(oldest);
      }
      return { id, createdAt };
    },

    async restore(id) {
      const snapshot = taken.get(id);
      if (!snapshot) throw new EntityNotFound('Snapshot', id);
      await quiet(jobs);
      await keepKeys({ db }, async () => {
        await restoreSnapshot(db, snapshot.tables);
        clock.offsetMs = snapshot.offsetMs;
        forgetEverything();
      });
    },

    async reset() {
      await quiet(jobs);
      await keepKeys({ db }, async () => {
        await emptyTables(db);
        forgetEverything();
        await setUp();
        // What was read between the two is as wrong as what was known before.
        forgetEverything();
      });
    },
  };
}
