import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { TooManyRequests, Unavailable } from '../core/index.ts';

/** 0 falls to a handful of guesses, 4 withstands ten billion (zxcvbn's scale). */
export interface Rating {
  readonly score: number;
  /** It is, but for case and look-alike digits, a password on the built-in list of leaked ones. */
  readonly isLeaked: boolean;
}

export interface RatingRequest {
  readonly id: number;
  readonly password: string;
  /** Words an attacker who knows the person tries first. */
  readonly personal: readonly string[];
}

/** The thread ends after this long without work: a server hardly ever rates passwords. */
const idleMs = 30_000;
const maxWaiting = 64;
/** Of one network: whoever sends a flood waits behind their own, and everybody else hardly notices. */
const maxWaitingOfSource = 16;

interface Rater {
  readonly worker: Worker;
  readonly waiting: Map<
    number,
    { readonly source: string | null; resolve: (rating: Rating) => void; reject: (error: unknown) => void }
  >;
  idle: NodeJS.Timeout | null;
}

let rater: Rater | null = null;
let lastId = 0;

/**
 * How hard a password is to guess, worked out on a thread of its own that is started when first needed.
 *
 * @param source - whose request it is; null for those that are not bounded by it
 * @throws {Unavailable} when too many are waiting
 * @throws {TooManyRequests} when too many of this source are
 */
export async function ratePassword(
  password: string,
  personal: readonly string[],
  source: string | null = null,
): Promise<Rating> {
  rater ??= startRater();
  const { worker, waiting, idle } = rater;
  if (waiting.size >= maxWaiting)
    throw new Unavailable(undefined, `${maxWaiting} passwords are waiting to be rated already.`);
  if (source !== null && [...waiting.values()].filter((each) => each.source === source).length >= maxWaitingOfSource)
    throw new TooManyRequests(1);
  if (idle) clearTimeout(idle);
  worker.ref();
  const id = ++lastId;
  return new Promise<Rating>((resolve, reject) => {
    waiting.set(id, { source, resolve, reject });
    worker.postMessage({ id, password, personal } satisfies RatingRequest);
  });
}

function startRater(): Rater {
  // Beside this file under the same ending, whether it runs as it is written or compiled.
  const file = new URL(`./strength-worker${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(file, { resourceLimits: { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 4 } });
  const started: Rater = { worker, waiting: new Map(), idle: null };
  const end = (): void => {
    if (rater === started) rater = null;
  };
  worker.on('message', ({ id, ...rating }: Rating & { id: number }) => {
    started.waiting.get(id)?.resolve(rating);
    started.waiting.delete(id);
    if (started.waiting.size > 0) return;
    // A thread with nothing to do keeps neither the process nor its memory.
    worker.unref();
    started.idle = setTimeout(() => {
      end();
      void worker.terminate();
    }, idleMs).unref();
  });
  worker.on('error', (error) => {
    end();
    for (const { reject } of started.waiting.values())
      reject(new Unavailable(error, 'The thread that rates passwords failed.'));
    started.waiting.clear();
  });
  return started;
}
