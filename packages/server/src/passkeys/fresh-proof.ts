import { after, ReauthenticationRequired, type Services } from '../core/index.ts';
import { freshProofMs } from './schema.ts';

/** Whether a person proved who they are in the last ten minutes. */
export const isFreshProof = ({ now }: Pick<Services, 'now'>, authenticatedAt: Date): boolean =>
  after(authenticatedAt, freshProofMs) >= now();

/**
 * A browser left open must not be enough to add a way in that outlives it, or to take one away.
 *
 * @throws {ReauthenticationRequired} when the person proved who they are more than ten minutes ago
 */
export function assertFreshProof(services: Pick<Services, 'now'>, authenticatedAt: Date): void {
  if (!isFreshProof(services, authenticatedAt))
    throw new ReauthenticationRequired('Please confirm that it is you, and try again.');
}
