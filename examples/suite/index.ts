/**
 * The one suite of all examples: installs an example as its reader would, starts it with nothing but an environment that
 * points at a fresh platform, and walks through it in a real browser. Each walk is a test of its own.
 */
import { after, before, describe, it } from 'node:test';
import type { Example } from './example.ts';
import { install } from './install.ts';
import { record } from './results.ts';
import { type Stage, startStage } from './stage.ts';
import { lastWalk, type WalkId, walks } from './walks/index.ts';

export type { Example, Walk } from './example.ts';
export type { Stage } from './stage.ts';

/** For all walks of one example. Its first run installs and builds. */
const EXAMPLE_TIMEOUT_MS = 600_000;

/** @param more - tests that only this example has; `stage` is there once the tests run */
export function describeExample(example: Example, more?: (stage: () => Stage) => void): void {
  const { previous, previousWithout, previousSetting, ...sdk } = example.sdk;
  const isPrevious = process.env.AUTHKIT_EXAMPLES_SDK === 'previous';
  const without = { ...example.without, ...(isPrevious && previousWithout) };
  if (isPrevious && previous === null) return;
  const title = isPrevious ? `examples/${example.name} with ${sdk.package} ${previous}` : `examples/${example.name}`;

  describe(title, { timeout: EXAMPLE_TIMEOUT_MS }, () => {
    let started: Stage | undefined;
    let sdkVersion = '';
    const proved: WalkId[] = [];
    const stage = (): Stage => {
      if (!started) throw new Error('The stage stands when the tests run, not before.');
      return started;
    };
    before(async () => {
      const older = isPrevious && previous ? { version: previous, ...previousSetting } : {};
      const installed = install(example.name, { ...sdk, ...older });
      ({ sdkVersion } = installed);
      started = await startStage(example, installed);
    });
    after(async () => {
      await started?.[Symbol.asyncDispose]();
      if (proved.length < taken.length) return;
      record({ example: example.name, package: sdk.package, version: sdkVersion, proved, without });
    });

    const taken = walks.filter(({ id }) => !without[id]);
    const take = ({ id, says, walk }: (typeof walks)[number]) =>
      it(says, async () => {
        await (example.own?.[id] ?? walk)(stage());
        proved.push(id);
      });
    // The platform is gone after the last walk.
    const isLast = ({ id }: { id: WalkId }) => id === lastWalk;
    for (const walk of taken.filter((each) => !isLast(each))) take(walk);
    if (!isPrevious) more?.(stage);
    for (const walk of taken.filter(isLast)) take(walk);
  });
}
