/** Time in tests that neither wait for it nor depend on how busy the machine is. */
import type { TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';

/** What measures with `performance.now`, as our caches do, sees so much time pass at once; until the test ends. */
export async function letPass(t: TestContext, ms: number): Promise<void> {
  const now = performance.now.bind(performance);
  t.mock.method(performance, 'now', () => now() + ms);
  // A cache looks at the clock once in a millisecond.
  await setTimeout(2);
}

/** Processor time of this process, which grows with the work alone, in milliseconds. */
export async function processorMs(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
