/** Time in tests that neither wait for it nor depend on how busy the machine is, and how long answers take. */
import assert from 'node:assert/strict';
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

/** Prepares one measurement; what it returns is measured. */
export type Case = () => Promise<() => Promise<unknown>>;

const tolerated = 1.5;
const repetitions = 5;

/** Whether the times that two answers take tell them apart. */
export const differs = (a: number, b: number): boolean => Math.max(a, b) / Math.min(a, b) > tolerated;

/**
 * How long each case takes: a fifth of its measurements were quicker. What else a machine does only ever adds.
 *
 * @returns in milliseconds, by case
 */
export async function timesOf(cases: Readonly<Record<string, Case>>, rounds: number): Promise<Record<string, number>> {
  const took: Record<string, number[]> = {};
  const names = Object.keys(cases);
  for (let round = 0; round < rounds; round++) {
    for (const [turn] of names.entries()) {
      // Another order each time: who comes first after a pause must not be the same one always.
      const name = names[(turn + round) % names.length] ?? '';
      const measured = await cases[name]?.();
      const started = performance.now();
      await measured?.();
      took[name] = [...(took[name] ?? []), performance.now() - started];
    }
  }
  return Object.fromEntries(
    Object.entries(took).map(([name, all]) => [name, all.sort((a, b) => a - b)[Math.floor(all.length / 5)] ?? 0]),
  );
}

/** A difference counts when it is there again, and again: noise passes, a real one does not. */
export async function assertAlike(cases: Readonly<Record<string, Case>>, rounds = 15): Promise<void> {
  const found: string[] = [];
  for (let n = 0; n < repetitions; n++) {
    const [first = 0, ...others] = Object.values(await timesOf(cases, rounds));
    if (!others.some((other) => differs(first, other))) return;
    found.push([first, ...others].map((ms) => `${ms.toFixed(1)} ms`).join(', '));
  }
  assert.fail(`${Object.keys(cases).join(', ')} take ${found.join('; again: ')}`);
}
