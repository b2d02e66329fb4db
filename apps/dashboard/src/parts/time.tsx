import { useSyncExternalStore } from 'react';
import { exactTime, relativeTime } from '../core/dates.ts';

const tickMs = 30_000;
let ticks = 0;
const listeners = new Set<() => void>();
setInterval(() => {
  ticks += 1;
  for (const listener of listeners) listener();
}, tickMs);

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** "2 min ago", kept current, with the exact time on hover. */
export function Time({ at }: { at: string }) {
  useSyncExternalStore(subscribe, () => ticks);
  return (
    <time dateTime={at} title={exactTime(at)}>
      {relativeTime(at, Date.now())}
    </time>
  );
}
