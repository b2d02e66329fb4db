import type { Figure } from '../figures.ts';
import type { Lab } from '../lab.ts';

/** One of the things `npm run bench` measures. */
export interface Part {
  /** What it is called on the command line and in docs/performance.md. */
  readonly name: string;
  readonly title: string;
  measure(lab: Lab): Promise<readonly Figure[]>;
}
