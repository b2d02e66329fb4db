import type { Answers } from '../attempts/index.ts';
import type { Services } from '../core/index.ts';
import { isFreshProof } from '../passkeys/index.ts';
import { type BrowserSessionRow, firstProofAt } from '../sessions/index.ts';

/** What an attempt knows of the proofs it takes over from the browser's earlier sign-in. */
export function takenFrom(
  services: Pick<Services, 'now'>,
  { id, proven }: Pick<BrowserSessionRow, 'id' | 'proven'>,
): Answers {
  const at = firstProofAt(proven);
  const isFresh = at !== null && isFreshProof(services, at);
  return { browserSessionId: id, ...(!isFresh && { provedLongAgo: true }) };
}
