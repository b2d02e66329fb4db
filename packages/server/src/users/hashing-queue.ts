import { availableParallelism } from 'node:os';
import { Unavailable } from '../core/index.ts';

/** Hashes computed at once. A core stays free for everybody who is not signing in just now. */
const slots = Math.max(1, availableParallelism() - 1);
/** At some 30 ms each, whoever is last in the queue waits about four seconds. */
const maxWaiting = slots * 128;

let running = 0;
const waiting: (() => void)[] = [];

/**
 * Runs slow password work when a slot is free. The work itself is done on other threads.
 *
 * @throws {Unavailable} when the queue is full: a flood of sign-ins must not become a flood of memory
 */
export async function whenSlotIsFree<T>(work: () => Promise<T>): Promise<T> {
  if (running < slots) {
    running++;
  } else {
    if (waiting.length >= maxWaiting)
      throw new Unavailable(undefined, `${maxWaiting} password hashes are waiting already.`);
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
  try {
    return await work();
  } finally {
    // A slot that somebody waits for is handed over rather than given back.
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
}
