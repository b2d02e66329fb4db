import { Unavailable } from '../errors.ts';
import type { Database, Db } from './database.ts';

const maxBatch = 64;
/** Batches on their way to PostgreSQL at once; while they are there, the next one fills. */
const maxInFlight = 1;

interface Waiting<In, Out> {
  readonly input: In;
  readonly resolve: (output: Out) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers what callers ask for in one turn of the event loop and runs it as one statement: on a hot path a hundred
 * requests cost PostgreSQL one round trip. SQLite answers reads in microseconds and groups its commits itself, so there
 * the inputs go one by one.
 *
 * @param run - answers each input, in their order. When it fails, its members are tried one by one, so that one bad
 *   input does not fail the others
 */
export function batched<In, Out>(
  run: (db: Db, inputs: readonly In[]) => Promise<readonly Out[]>,
): (db: Database, input: In) => Promise<Out> {
  const queues = new WeakMap<Database, Waiting<In, Out>[]>();
  const inFlight = new WeakMap<Database, number>();

  /** A wrong number of answers would hand somebody the answer to another question. */
  const answered = async (db: Database, inputs: readonly In[]): Promise<readonly Out[]> => {
    const outputs = await run(db, inputs);
    if (outputs.length !== inputs.length) throw new Error(`${inputs.length} inputs, ${outputs.length} answers.`);
    return outputs;
  };

  const alone = async (db: Database, input: In): Promise<Out> => {
    const [output] = await answered(db, [input]);
    return output as Out;
  };

  const flush = async (db: Database): Promise<void> => {
    const queue = queues.get(db) ?? [];
    while (queue.length > 0 && (inFlight.get(db) ?? 0) < maxInFlight) {
      const batch = queue.splice(0, maxBatch);
      inFlight.set(db, (inFlight.get(db) ?? 0) + 1);
      void settle(db, batch).finally(() => {
        inFlight.set(db, (inFlight.get(db) ?? 1) - 1);
        void flush(db);
      });
    }
  };

  const settle = async (db: Database, batch: readonly Waiting<In, Out>[]): Promise<void> => {
    try {
      const outputs = await answered(
        db,
        batch.map(({ input }) => input),
      );
      batch.forEach(({ resolve }, index) => {
        resolve(outputs[index] as Out);
      });
    } catch (error) {
      // An outage is nobody's fault here, and asking once more for each of them would only prolong it.
      if (batch.length === 1 || error instanceof Unavailable) {
        for (const { reject } of batch) reject(error);
        return;
      }
      await Promise.all(batch.map(({ input, resolve, reject }) => alone(db, input).then(resolve, reject)));
    }
  };

  return (db, input) => {
    if (db.engine === 'sqlite') return alone(db, input);
    return new Promise<Out>((resolve, reject) => {
      const queue = queues.get(db) ?? [];
      queues.set(db, queue);
      queue.push({ input, resolve, reject });
      if (queue.length === 1) setImmediate(() => void flush(db));
    });
  };
}
