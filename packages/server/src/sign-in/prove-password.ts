import { provePassword as prove } from '../attempts/index.ts';
import type { RequestInfo, Services } from '../core/index.ts';
import { learn } from './advance.ts';
import type { OpenAttempt } from './browser.ts';

/**
 * Proves the password of the address the attempt is about.
 *
 * @returns the attempt with what was learned; `overtaken` when another request was first, or changed the password
 * @throws {TooManyRequests} when the address was tried too often
 */
export async function provePassword(
  services: Services,
  open: OpenAttempt,
  email: string,
  password: string,
  { ip, userAgent }: RequestInfo,
): Promise<OpenAttempt | 'wrong' | 'overtaken'> {
  // What is proved here is the attempt's own, and rests on no earlier sign-in.
  const { browserSessionId: _, provedLongAgo: __, ...answers } = open.attempt.answers;
  const proof = await prove(services, open.tenant, { email, password, ip, userAgent }, (tx, learned) =>
    learn(tx, open, { ...learned, answers }),
  );
  return proof.outcome === 'proved' ? proof.saved : proof.outcome;
}
