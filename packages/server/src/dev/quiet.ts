import { setTimeout as sleep } from 'node:timers/promises';
import type { Jobs } from '../core/index.ts';

/** A mail server that does not answer must not hold up who asks for the mailbox. */
const longestMs = 3000;

/** Resolves when the mails and other jobs that are due have gone out, so that a test need not poll for them. */
export async function quiet(jobs: Pick<Jobs, 'idle'>): Promise<void> {
  const stop = new AbortController();
  const tooLong = sleep(longestMs, undefined, { signal: stop.signal, ref: false }).catch(() => {});
  await Promise.race([jobs.idle(), tooLong]);
  stop.abort();
}
