import { startOver } from '../attempts/index.ts';
import type { RequestInfo, Services } from '../core/index.ts';
import { acceptAssertion, verifyAssertion } from '../passkeys/index.ts';
import { lockUser } from '../users/index.ts';
import { learn } from './advance.ts';
import type { OpenAttempt } from './browser.ts';

/**
 * Proves whoever the passkey belongs to, whatever address was typed before.
 *
 * @param credential - what the browser answered to this attempt's question, as JSON
 * @returns the attempt with what was learned; `overtaken` when another request was first
 */
export async function provePasskey(
  services: Services,
  open: OpenAttempt,
  credential: string,
  request: RequestInfo,
): Promise<OpenAttempt | 'wrong' | 'overtaken'> {
  const { tenant, attempt } = open;
  const assertion = await verifyAssertion(services, tenant, { credential, holder: attempt.id, request });
  if (!assertion) return 'wrong';
  return services.db.transaction(async (tx) => {
    const user = await lockUser(tx, tenant, assertion.passkey.userId);
    if (!user || !(await acceptAssertion(services, tenant, tx, assertion, request))) return 'wrong';
    const moved = await learn(tx, open, {
      ...startOver(attempt),
      // Somebody who proves themselves anew goes on where they wanted to.
      organizationId: user.email === attempt.email ? attempt.organizationId : null,
      email: user.email,
      userId: user.id,
      proven: { passkey: services.now().getTime() },
    });
    return moved ?? 'overtaken';
  });
}

/**
 * Proves a passkey of whoever has proved something else already. Another person's is wrong, however right it is.
 *
 * @param credential - what the browser answered to this attempt's question, as JSON
 * @returns the attempt with what was learned; `overtaken` when another request was first
 */
export async function proveSecondPasskey(
  services: Services,
  open: OpenAttempt,
  credential: string,
  request: RequestInfo,
): Promise<OpenAttempt | 'wrong' | 'overtaken'> {
  const { tenant, attempt } = open;
  const assertion = await verifyAssertion(services, tenant, { credential, holder: attempt.id, request });
  if (!assertion || assertion.passkey.userId !== attempt.userId) return 'wrong';
  return services.db.transaction(async (tx) => {
    const user = await lockUser(tx, tenant, assertion.passkey.userId);
    if (!user || !(await acceptAssertion(services, tenant, tx, assertion, request))) return 'wrong';
    const proven = { ...attempt.proven, secondPasskey: services.now().getTime() };
    return (await learn(tx, open, { proven })) ?? 'overtaken';
  });
}
