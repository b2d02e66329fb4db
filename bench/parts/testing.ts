import { createAuthKit } from '@authkit/testing';
import { figure } from '../figures.ts';
import type { Part } from './part.ts';

const rounds = 20;
const users = 50;

/** What a test pays for: a platform of its own, a session without the pages, and the way back between tests. */
export const testing: Part = {
  name: 'testing',
  title: 'Tests with `@authkit/testing`, on a platform in memory with 50 users',
  async measure() {
    const startedAt = performance.now();
    await using auth = await createAuthKit();
    const start = (performance.now() - startedAt) / 1000;
    const user = await auth.user({ org: 'Acme', password: null });
    for (let made = 1; made < users; made++) await auth.user({ org: 'Acme', password: null });
    // The first token waits for its signing key to be made.
    await auth.sealedSession(user);
    const times = { session: [] as number[], snapshot: [] as number[], restore: [] as number[] };
    const timed = async <T>(name: keyof typeof times, work: () => Promise<T>): Promise<T> => {
      const from = performance.now();
      const result = await work();
      times[name].push(performance.now() - from);
      return result;
    };
    for (let round = 0; round < rounds; round++) {
      const snapshot = await timed('snapshot', () => auth.snapshot());
      await timed('session', () => auth.sealedSession(user));
      await timed('restore', () => auth.restore(snapshot));
    }
    return [
      figure('starting a platform', 's', [start], { atMost: 1 }),
      figure('a sealed session without the pages', 'ms', times.session, { atMost: 50 }),
      figure('taking a snapshot', 'ms', times.snapshot, { atMost: 50 }),
      figure('restoring it', 'ms', times.restore, { atMost: 50 }),
    ];
  },
};
