/** RS256 with a 2048-bit key and nothing around it: what no refresh can cost less than. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { answerParent, cpuMicroseconds } from './parent.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
/** As long as the header and claims of an access token. */
const input = Buffer.alloc(480, 'a');

/** Processor time of one signature in microseconds. */
function signFor(durationMs: number): number {
  const end = performance.now() + durationMs;
  const before = cpuMicroseconds();
  let signatures = 0;
  for (; performance.now() < end; signatures++) sign('sha256', input, privateKey);
  return (cpuMicroseconds() - before) / signatures;
}

answerParent({ signFor });
