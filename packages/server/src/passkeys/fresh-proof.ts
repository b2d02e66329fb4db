import { after, ReauthenticationRequired, type Services } from '../core/index.ts';
import { freshProofMs } from './schema.ts';

/**
 * A browser left open must not be enough to add a way in that outlives it, or to take one away.
 *
 * @throws {ReauthenticationRequired} when the person proved who they are more than ten minutes ago
 */
export function assertFreshProof({ now }: Pick<Services, 'now'>, authenticatedAt: Date): void {
  if (after(authenticatedAt, freshProofMs) < now())
    throw new ReauthenticationRequired('Please confirm that it is you, and try again.');
}
