import { after, seconds } from '../core/index.ts';
import type { Settings } from '../environments/index.ts';
import type { SessionRow } from './store.ts';

type Clocks = Pick<Settings, 'sessionMaxSeconds' | 'sessionIdleSeconds'>;

/**
 * What is over by the clocks of today: what began, or was used last, at these times or before. They hold beside those that
 * a session was made under, for an operator who makes them shorter means everybody.
 */
export const cutOffs = ({ sessionMaxSeconds, sessionIdleSeconds }: Clocks, at: Date) => ({
  begunAfter: after(at, -seconds(sessionMaxSeconds)),
  usedAfter: after(at, -seconds(sessionIdleSeconds)),
});

/** A session with the ends that it has by the clocks of today, for whoever is told when it is over. */
export function underClocks(session: SessionRow, { sessionMaxSeconds, sessionIdleSeconds }: Clocks): SessionRow {
  const maxEnd = after(session.createdAt, seconds(sessionMaxSeconds));
  const idleEnd = after(session.updatedAt, seconds(sessionIdleSeconds));
  return {
    ...session,
    expiresAt: earlier(session.expiresAt, maxEnd),
    // What has ended was not used then, and says so by itself.
    idleExpiresAt: session.endedAt ? session.idleExpiresAt : earlier(session.idleExpiresAt, idleEnd),
  };
}

const earlier = (a: Date, b: Date): Date => (a < b ? a : b);
