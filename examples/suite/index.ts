/**
 * The one suite of all examples: installs an example as its reader would, starts it with nothing but an environment that
 * points at a fresh platform, and walks through it in a real browser. Each walk is a test of its own.
 */
import { after, before, describe, it } from 'node:test';
import type { Example } from './example.ts';
import { install } from './install.ts';
import { type Stage, startStage } from './stage.ts';
import { walks } from './walks/index.ts';

export type { Example, Walk } from './example.ts';
export type { Stage } from './stage.ts';

/** For all walks of one example. Its first run installs and builds. */
const EXAMPLE_TIMEOUT_MS = 600_000;

/** @param more - tests that only this example has; `stage` is there once the tests run */
export function describeExample(example: Example, more?: (stage: () => Stage) => void): void {
  describe(`examples/${example.name}`, { timeout: EXAMPLE_TIMEOUT_MS }, () => {
    let started: Stage | undefined;
    const stage = (): Stage => {
      if (!started) throw new Error('The stage stands when the tests run, not before.');
      return started;
    };
    before(async () => {
      started = await startStage(example, install(example.name, example.sdk));
    });
    after(() => started?.[Symbol.asyncDispose]());

    const [last, ...others] = [...walks].reverse();
    for (const { id, says, walk } of others.reverse()) if (!example.without?.[id]) it(says, () => walk(stage()));
    more?.(stage);
    if (last && !example.without?.[last.id]) it(last.says, () => last.walk(stage()));
  });
}
