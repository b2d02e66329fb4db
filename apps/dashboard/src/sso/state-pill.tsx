import { Pill, type Tone } from '../parts/pill.tsx';
import type { Connection, ConnectionSummary } from './queries.ts';

const tones: Readonly<Record<ConnectionSummary['state'], Tone>> = { draft: 'plain', active: 'good', inactive: 'warn' };

export function StatePill({ state }: Pick<ConnectionSummary, 'state'>) {
  return <Pill tone={tones[state]}>{state}</Pill>;
}

/** Beyond the real ones, so that nobody mistakes it for one. */
export function SimulatedPill({ is_simulated: isSimulated }: Pick<Connection, 'is_simulated'>) {
  return isSimulated ? <Pill tone="brand">simulated</Pill> : null;
}

/** As long before as an administrator elsewhere needs to act. */
const noticeMs = 30 * 24 * 60 * 60 * 1000;

/** How a certificate stands; null while there is nothing to tell. */
export function expiryOf(notAfter: string, now = Date.now()): { readonly tone: Tone; readonly text: string } | null {
  const left = Date.parse(notAfter) - now;
  if (left <= 0) return { tone: 'danger', text: 'expired' };
  return left <= noticeMs ? { tone: 'warn', text: 'expires soon' } : null;
}
