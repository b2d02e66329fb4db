import { Unavailable } from '../errors.ts';
import type { Database, Db } from './database.ts';

const maxBatch = 64;
/** Batches on their way to PostgreSQL at once. Usually it is one, and while it is there the next one fills. */
const maxInFlight = 4;
/** A batch that takes longer than so many milliseconds waits for somebody's lock, and the next one may pass it. */
const slowMs = 20;

interface Waiting<In, Out> {
  readonly input: In;
  readonly resolve: (output: Out) => void;
  readonly reject: (error: unknown) => void;
}

interface Queue<In, Out> {
  readonly waiting: Waiting<In, Out>[];
  /** Batches on their way, by how long they have been. */
  quick: number;
  slow: number;
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
  const queues = new WeakMap<Database, Queue<In, Out>>();

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

  const flush = (db: Database, queue: Queue<In, Out>): void => {
    const { waiting } = queue;
    if (waiting.length === 0 || queue.quick > 0 || queue.quick + queue.slow === maxInFlight) return;
    let pace: 'quick' | 'slow' = 'quick';
    queue.quick++;
    const letOthersPass = setTimeout(() => {
      pace = 'slow';
      queue.quick--;
      queue.slow++;
      flush(db, queue);
    }, slowMs);
    void settle(db, waiting.splice(0, maxBatch)).finally(() => {
      clearTimeout(letOthersPass);
      queue[pace]--;
      flush(db, queue);
    });
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
      const queue = queues.get(db) ?? { waiting: [], quick: 0, slow: 0 };
      queues.set(db, queue);
      queue.waiting.push({ input, resolve, reject });
      if (queue.waiting.length === 1) setImmediate(() => flush(db, queue));
    });
  };
}
