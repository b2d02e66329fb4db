import { findAttempt, linkProven, type SignUp } from '../attempts/index.ts';
import { assertMayTryCode, confirmDecoy, confirmEmail, type Refusal } from '../authentication/index.ts';
import type { Db, RequestInfo, Services } from '../core/index.ts';
import { changeUser, claimUser, lockUser, setPassword, type UserRow } from '../users/index.ts';
import { learn } from './advance.ts';
import type { OpenAttempt } from './browser.ts';
import { makePendingAccount } from './pending-account.ts';

/**
 * Proves the inbox with a code from the mail.
 *
 * @param code - six digits
 * @returns the attempt with what was learned, or why the code proves nothing
 * @throws {TriedTooOften}
 */
export async function proveEmail(
  services: Services,
  open: OpenAttempt,
  code: string,
  { ip: ipAddress, userAgent }: RequestInfo,
): Promise<OpenAttempt | Refusal> {
  const { tenant } = open;
  const { userId, email, signUp, id: attemptId } = open.attempt;
  if (email === null) return { outcome: 'expired' };
  if (signUp?.kind === 'pending') return makePendingAccount(services, open, { code, email, ipAddress, userAgent });
  const presented = { code, attemptId, ipAddress, userAgent };
  const key = { purpose: 'email_verification', attemptId } as const;
  if (signUp?.kind === 'decoy' || userId === null) {
    await assertMayTryCode(services, tenant, { email }, key);
    return services.db.transaction((tx) => confirmDecoy(services, tenant, tx, { ...presented, email }));
  }
  await assertMayTryCode(services, tenant, { id: userId }, key);
  return services.db.transaction((tx) => spend(services, tx, open, { ...presented, user: { id: userId, email } }));
}

/** Whether another request took the attempt further meanwhile. */
export async function hasMovedOn({ db }: Pick<Services, 'db'>, { attempt }: OpenAttempt): Promise<boolean> {
  const row = await findAttempt(db, attempt.id);
  return row !== null && row.version !== attempt.version;
}

/** Spends the code and writes down what it proves, in one transaction. */
async function spend(
  services: Services,
  tx: Db,
  open: OpenAttempt,
  presented: Parameters<typeof confirmEmail>[3],
): Promise<OpenAttempt | Refusal> {
  const { attempt, tenant } = open;
  const before = await lockUser(tx, tenant, presented.user.id);
  const confirmed = await confirmEmail(services, tenant, tx, presented);
  if (confirmed.outcome !== 'verified') return confirmed;
  const learned = { proven: { ...attempt.proven, emailCode: services.now().getTime() }, signUp: null };
  const moved = await learn(tx, open, learned);
  if (!moved) return { outcome: 'used' };
  const { signUp } = attempt;
  if (signUp?.kind === 'new' && signUp.passwordHash)
    await setPassword(tx, tenant, presented.user.id, signUp.passwordHash, services.now());
  if (signUp?.kind === 'social' || signUp?.kind === 'sso') await linkProven(services, tx, tenant, attempt, before);
  else if (signUp?.kind === 'unverified') await takeOver(services, tx, open, presented.user.id, signUp, before);
  else return moved;
  // Every open sign-in of this account has just forgotten its proofs. This one was here to give new ones.
  const row = await findAttempt(tx, attempt.id);
  if (!row) return { outcome: 'used' };
  const { userId, email, answers } = moved.attempt;
  const forgotten = { ...moved, attempt: { ...moved.attempt, version: row.version } };
  return (await learn(tx, forgotten, { ...learned, userId, email, answers })) ?? { outcome: 'used' };
}

/**
 * The inbox is theirs. An account that somebody had made with this address before gets the password they chose, and loses
 * the sessions and half-finished sign-ins it had: they may be another person's. So may the password and passkeys of one
 * that nobody had proved until now.
 */
async function takeOver(
  services: Services,
  tx: Db,
  { tenant }: OpenAttempt,
  userId: string,
  signUp: Extract<SignUp, { kind: 'unverified' }>,
  before: UserRow | null,
): Promise<void> {
  const names = {
    ...(signUp.firstName && { first_name: signUp.firstName }),
    ...(signUp.lastName && { last_name: signUp.lastName }),
    ...(signUp.name && { name: signUp.name }),
  };
  if (before?.isEmailVerified === false) await claimUser(services, tenant, tx, before.id);
  await changeUser(services, tenant, tx, userId, names, signUp.passwordHash, 'person');
}
