/** What a run proved, for the compatibility page. Written only when every walk of the example passed. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WalkId } from './walks/index.ts';

/** A folder for results; `npm run examples` names one. */
const FOLDER = process.env.AUTHKIT_EXAMPLES_RESULTS;

type Reasons = Partial<Readonly<Record<WalkId, string>>>;

export interface Result {
  readonly example: string;
  readonly package: string;
  readonly version: string;
  /** Of the example and of the suite, when this was proved. */
  readonly fingerprints: { readonly example: string; readonly suite: string };
  /** Of the line before: how the app differs there. Of the newest: why there is no line before. */
  readonly note?: string;
  /** In the order of the suite. */
  readonly proved: readonly WalkId[];
  /** The walks whose contrary was proved, with the reasons of the example. */
  readonly refuted: Reasons;
  /** The walks it does not take, with the reasons of the example. */
  readonly without: Reasons;
}

export function record(result: Result): void {
  if (!FOLDER) return;
  mkdirSync(FOLDER, { recursive: true });
  const file = `${result.example}@${result.version}.json`;
  writeFileSync(join(FOLDER, file), `${JSON.stringify(result, null, 2)}\n`);
}
