import { countAgainst, hours, type Limit, type Services, type Tenant } from '../core/index.ts';
import { assertMayTry, countTry, type Owner, ownerIdOf, TriedTooOften } from '../lockout/index.ts';
import type { CodePurpose } from './schema.ts';
import { takeWaiver } from './store.ts';

/**
 * No fewer than an address is mailed codes in any hour, whose windows begin at other times. Staging mails more, and relaxes
 * nothing of this.
 */
const waivers: Limit = { name: 'code-waiver-hour', max: 20, windowMs: hours(1) };

/**
 * Counts one try at a mailed code, before anything is compared and outside of any transaction. The count is one for each
 * person, whatever they are signing in to and however many codes are in force.
 *
 * Strangers who guess on and on would keep the owner of an address waiting, so each code has one try that does not wait:
 * a stranger's code is not the owner's, so it is the stranger's own they use up. It is a failure like others when it is
 * wrong, and there are no more of them than mails that an address is sent.
 *
 * @param attemptId - the sign-in it is presented in; null for one that has no page of ours
 * @throws {TriedTooOften}
 */
export async function assertMayTryCode(
  services: Services,
  tenant: Tenant,
  owner: Owner,
  { purpose, attemptId = null }: { readonly purpose: CodePurpose; readonly attemptId?: string | null },
): Promise<void> {
  try {
    await assertMayTry(services, tenant, owner, 'email_code');
  } catch (error) {
    if (!(error instanceof TriedTooOften)) throw error;
    const ownerId = ownerIdOf(services, tenant, owner);
    if (!(await takeWaiver(services.db, tenant, { purpose, ownerId, attemptId }, services.now()))) throw error;
    await countAgainst(services, waivers, `${tenant.environmentId}\n${ownerId}`);
    await countTry(services, tenant, owner, 'email_code');
  }
}
