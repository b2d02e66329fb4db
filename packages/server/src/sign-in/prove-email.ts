import { findAttempt, type SignUp } from '../attempts/index.ts';
import { confirmEmail, type Refusal, tryLimit } from '../authentication/index.ts';
import type { Db, RequestInfo, Services } from '../core/index.ts';
import { changeUser } from '../users/index.ts';
import { learn } from './advance.ts';
import type { OpenAttempt } from './browser.ts';

/**
 * Proves the inbox with a code from the mail.
 *
 * @param code - six digits
 * @returns the attempt with what was learned, or why the code proves nothing
 */
export function proveEmail(
  services: Services,
  open: OpenAttempt,
  code: string,
  request: RequestInfo,
): Promise<OpenAttempt | Refusal> {
  return open.attempt.signUp?.kind === 'decoy' ? pretend(services, open) : spend(services, open, code, request);
}

/** Whether another request took the attempt further meanwhile. */
export async function hasMovedOn({ db }: Pick<Services, 'db'>, { attempt }: OpenAttempt): Promise<boolean> {
  const row = await findAttempt(db, attempt.id);
  return row !== null && row.version !== attempt.version;
}

/** Spends the code and writes down what it proves, in one transaction. */
function spend(
  services: Services,
  open: OpenAttempt,
  code: string,
  { ip, userAgent }: RequestInfo,
): Promise<OpenAttempt | Refusal> {
  const { attempt, tenant } = open;
  return services.db.transaction(async (tx) => {
    const { userId: id, email } = attempt;
    if (id === null || email === null) return { outcome: 'expired' };
    const confirmed = await confirmEmail(services, tenant, tx, { user: { id, email }, code, ipAddress: ip, userAgent });
    if (confirmed.outcome !== 'verified') return confirmed;
    const learned = { proven: { ...attempt.proven, emailCode: services.now().getTime() }, signUp: null };
    const moved = await learn(tx, open, learned);
    if (!moved) return { outcome: 'used' };
    if (attempt.signUp?.kind !== 'unverified') return moved;
    await takeOver(services, tx, open, id, attempt.signUp);
    // Every open sign-in of this account has just forgotten its proofs. This one was here to give new ones.
    const forgotten = { ...moved, attempt: { ...moved.attempt, version: moved.attempt.version + 1 } };
    return (await learn(tx, forgotten, learned)) ?? { outcome: 'used' };
  });
}

/**
 * The inbox is theirs. An account that somebody had made with this address before, without ever proving it, loses the
 * password, sessions and half-finished sign-ins it had: they may be another person's.
 */
async function takeOver(
  services: Services,
  tx: Db,
  { tenant }: OpenAttempt,
  userId: string,
  signUp: Extract<SignUp, { kind: 'unverified' }>,
): Promise<void> {
  const names = {
    ...(signUp.firstName && { first_name: signUp.firstName }),
    ...(signUp.lastName && { last_name: signUp.lastName }),
  };
  await changeUser(services, tenant, tx, userId, names, signUp.passwordHash);
}

/** There is no code, and no digits are right; the page behaves as if there were. */
async function pretend(services: Services, open: OpenAttempt): Promise<Refusal> {
  const tries = open.attempt.signUp?.kind === 'decoy' ? open.attempt.signUp.tries + 1 : 1;
  const moved = tries <= tryLimit && (await learn(services.db, open, { signUp: { kind: 'decoy', tries } }));
  return moved && tries < tryLimit ? { outcome: 'wrong', triesLeft: tryLimit - tries } : { outcome: 'exhausted' };
}
