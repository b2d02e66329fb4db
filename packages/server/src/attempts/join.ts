import type { Db, Services, Tenant } from '../core/index.ts';
import type { KnownAccount } from './account.ts';
import type { Attempt, Learned } from './attempt.ts';

/**
 * The step `join`: makes the memberships that come with this sign-in. Called once the address and every factor the
 * account has are proved, in the transaction that saves what it returns.
 */
export async function joinOrganizations(
  _services: Services,
  _tx: Db,
  _tenant: Tenant,
  attempt: Attempt,
  _account: KnownAccount,
): Promise<Learned> {
  return { answers: { ...attempt.answers, joined: true } };
}
