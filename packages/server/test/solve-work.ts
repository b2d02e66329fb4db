/** What a browser does before it may sign up, as the script of our pages does it. */
import { hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { work } from '../src/radar/index.ts';

/** Takes a tenth of a second or more. @returns what the field `proof` is sent with */
export async function solveWork(challenge: string): Promise<string> {
  const seed = challenge.split('.')[1] ?? '';
  const found: string[] = [];
  for (let number = 0; found.length < work.searches; number++) {
    // The server under test lives in this process, and sheds load when it is kept from its turns.
    if (number % 2000 === 0) await setImmediate();
    const text = number.toString(36);
    const first = hash('sha256', `${seed}:${found.length}:${text}`, 'buffer').readUInt32BE(0);
    if (first >>> (32 - work.zeroBits) !== 0) continue;
    found.push(text);
    number = -1;
  }
  return found.join('.');
}
