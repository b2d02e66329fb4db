/** Password checks with nothing around them, on as many cores as the server uses for them. */
import { hashPassword, matchesHash } from '../../packages/server/src/users/password-hash.ts';
import { answerParent } from './parent.ts';

/** More than there are slots, so that none of them is ever idle. */
const atOnce = 8;

/** Password checks a second. */
async function checkFor(durationMs: number): Promise<number> {
  const stored = await hashPassword('a perfectly fine passphrase');
  const start = performance.now();
  let checks = 0;
  const one = async (): Promise<void> => {
    while (performance.now() < start + durationMs) {
      await matchesHash(stored, 'a perfectly fine passphrase');
      checks++;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return (checks * 1000) / (performance.now() - start);
}

answerParent({ checkFor });
