/**
 * The one suite of all examples: installs an example as its reader would, starts it with nothing but an environment that
 * points at a fresh platform, and walks through it in a real browser. Each walk is a test of its own.
 */
import { after, before, describe, it } from 'node:test';
import type { Contrary, Example } from './example.ts';
import { fingerprintOf } from './fingerprint.ts';
import { record } from './results.ts';
import { type Stage, startStage } from './stage.ts';
import { SAMPLE, type WalkId, walks } from './walks/index.ts';

export type { Example, Walk } from './example.ts';
export type { Stage } from './stage.ts';

/** For all walks of one example. Its first run installs and builds. */
const EXAMPLE_TIMEOUT_MS = 600_000;

/** Of the SDK: that of the lockfile, or the one before. */
export type Line = 'newest' | 'previous';

/** Named by `npm run examples`, which takes every walk. */
const LINE = process.env.AUTHKIT_EXAMPLES_SDK as Line | undefined;

/** @param more - tests that only this example has, with either line; `stage` is there once the tests run */
export function describeExample(described: Example, more?: (stage: () => Stage, line: Line) => void): void {
  const { previous, previousSays, previousWithout, previousCookie, previousSetting, ...sdk } = described.sdk;
  const isPrevious = LINE === 'previous';
  const example = isPrevious && previousCookie ? { ...described, sessionCookie: previousCookie } : described;
  const without = { ...example.without, ...(isPrevious && previousWithout) };
  if (isPrevious && previous === null) return;
  const title = isPrevious ? `examples/${example.name} with ${sdk.package} ${previous}` : `examples/${example.name}`;

  // Of what is walked through, and not of what it becomes meanwhile.
  const fingerprints = { example: fingerprintOf(example.name), suite: fingerprintOf('suite') };

  describe(title, { timeout: EXAMPLE_TIMEOUT_MS }, () => {
    let started: Stage | undefined;
    const [proved, refuted]: [WalkId[], WalkId[]] = [[], []];
    const stage = (): Stage => {
      if (!started) throw new Error('The stage stands when the tests run, not before.');
      return started;
    };
    before(async () => {
      const older = isPrevious && previous ? { version: previous, ...previousSetting } : {};
      started = await startStage(example, { ...sdk, ...older });
    });
    after(async () => {
      await started?.[Symbol.asyncDispose]();
      if (!started || proved.length + refuted.length < taken.length) return;
      const hasNote = previousSays && isPrevious === (previous !== null);
      record({
        example: example.name,
        package: sdk.package,
        version: started.sdkVersion,
        fingerprints,
        ...(hasNote && { note: previousSays }),
        proved,
        refuted: reasons(refuted),
        without: reasons(walks.map(({ id }) => id).filter((id) => typeof without[id] === 'string')),
      });
    });

    const contrary = (id: WalkId): Contrary | null => {
      const instead = without[id];
      return typeof instead === 'object' ? instead : null;
    };
    const reasons = (ids: readonly WalkId[]) =>
      Object.fromEntries(ids.map((id) => [id, contrary(id)?.reason ?? String(without[id])]));
    const isSample = LINE === undefined && example.sampled !== undefined;
    const offered = isSample ? walks.filter(({ id }) => SAMPLE.includes(id)) : walks;
    const taken = offered.filter(({ id }) => typeof without[id] !== 'string');
    const take = ({ id, says, walk }: (typeof walks)[number]) => {
      const { instead } = contrary(id) ?? {};
      it(instead ? `is known for the contrary of: ${says}` : says, async () => {
        await (instead ?? example.own?.[id] ?? walk)(stage());
        (instead ? refuted : proved).push(id);
      });
    };
    for (const walk of taken.filter(({ isClosing }) => !isClosing)) take(walk);
    more?.(stage, isPrevious ? 'previous' : 'newest');
    // They look back at everything before them, and the last one ends the platform.
    for (const walk of taken.filter(({ isClosing }) => isClosing)) take(walk);
  });
}
