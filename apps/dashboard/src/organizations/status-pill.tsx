import { Pill, type Tone } from '../parts/pill.tsx';
import type { Membership } from './membership-queries.ts';

const tones: Readonly<Record<Membership['status'], Tone>> = { active: 'good', inactive: 'plain', pending: 'warn' };

export function StatusPill({ status }: Pick<Membership, 'status'>) {
  return <Pill tone={tones[status]}>{status}</Pill>;
}

export const roleNames = ({ roles }: Membership): string => roles.map(({ slug }) => slug).join(', ');
