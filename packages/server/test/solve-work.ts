/** What a browser does before it may sign up, as the script of our pages does it. */
import { hash } from 'node:crypto';
import { work } from '../src/radar/index.ts';

/** Takes a tenth of a second or more. @returns what the field `proof` is sent with */
export function solveWork(challenge: string): string {
  const seed = challenge.split('.')[1] ?? '';
  return Array.from({ length: work.searches }, (_, search) => {
    for (let number = 0; ; number++) {
      const text = number.toString(36);
      const first = hash('sha256', `${seed}:${search}:${text}`, 'buffer').readUInt32BE(0);
      if (first >>> (32 - work.zeroBits) === 0) return text;
    }
  }).join('.');
}
