import { type Names, startOver } from '../attempts/index.ts';
import {
  assertMaySend,
  assertMayTryCode,
  type Refusal,
  redeemMagicCode,
  sendMagicCode,
  sendMagicDecoy,
} from '../authentication/index.ts';
import type { Db, RequestInfo, Services } from '../core/index.ts';
import { changeUser, findUserByEmail } from '../users/index.ts';
import { learn } from './advance.ts';
import type { OpenAttempt } from './browser.ts';
import { invitationFault, signUpDoor } from './sign-up-door.ts';

/** Whether people may sign in with a code by mail. */
export const offersMagicCode = ({ client }: Pick<OpenAttempt, 'client'>): boolean =>
  client.environment.settings.magicAuthSignIn;

/** Whether a code for an address nobody has leads to an account. */
export const mayMakeAccount = async (services: Services, open: OpenAttempt, email: string): Promise<boolean> =>
  signUpDoor(open) === 'open' && (await invitationFault(services, open, email)) === null;

/**
 * Mails a code that signs the person in, or lets them make an account, or to an address that gets none the news of that. The
 * page is the same each time, and so is the work.
 *
 * @returns the attempt, which waits for the code; null when another request was first
 * @throws {TooManyRequests} when the address has had too many
 */
export async function mailMagicCode(services: Services, open: OpenAttempt): Promise<OpenAttempt | null> {
  const { attempt, tenant, locale } = open;
  const { email, id: attemptId } = attempt;
  if (email === null) return null;
  await assertMaySend(services, tenant, email);
  const makesAccount = await mayMakeAccount(services, open, email);
  return services.db.transaction(async (tx) => {
    const user = await findUserByEmail(tx, tenant, email);
    if (user) await sendMagicCode(services, tenant, tx, { id: user.id, email: user.email, locale }, attemptId);
    else if (makesAccount) await sendMagicCode(services, tenant, tx, { email, locale }, attemptId);
    else await sendMagicDecoy(services, tenant, tx, { email, locale, attemptId });
    // The names that were typed at the sign-up wait for the code.
    const signUp = attempt.signUp?.kind === 'newcomer' ? attempt.signUp : null;
    return learn(tx, open, { ...startOver(attempt), signUp, codeSentAt: services.now() });
  });
}

/**
 * Proves the code. Where nobody has the address, the account is for `newcomer.ts` to make.
 *
 * @param code - six digits
 * @returns the attempt with what was learned, or why the code proves nothing
 * @throws {TriedTooOften}
 */
export async function proveMagicCode(
  services: Services,
  open: OpenAttempt,
  code: string,
  { ip: ipAddress, userAgent }: RequestInfo,
): Promise<OpenAttempt | Refusal> {
  const { attempt, tenant } = open;
  const { email, id: attemptId } = attempt;
  if (email === null) return { outcome: 'expired' };
  const known = await findUserByEmail(services.db, tenant, email);
  await assertMayTryCode(services, tenant, known ?? { email }, { purpose: 'magic_auth', attemptId });
  return services.db.transaction(async (tx): Promise<OpenAttempt | Refusal> => {
    const presented = { email, code, attemptId, ipAddress, userAgent };
    const before = await findUserByEmail(tx, tenant, email);
    const redeemed = await redeemMagicCode(services, tenant, tx, presented);
    const proven = { magicAuth: services.now().getTime() };
    const names = attempt.signUp?.kind === 'newcomer' ? attempt.signUp.names : null;
    if (redeemed.outcome === 'newcomer') {
      const arrived = { ...startOver(attempt), signUp: { kind: 'newcomer', names }, proven } as const;
      return (await learn(tx, open, arrived)) ?? { outcome: 'used' };
    }
    if (redeemed.outcome !== 'verified') return redeemed;
    // Typed with the address, by whoever has now proved it first; of an account that was proved a sign-up changes nothing.
    if (names && !before?.isEmailVerified) await nameThem(services, tx, open, redeemed.user.id, names);
    const moved = await learn(tx, open, { ...startOver(attempt), userId: redeemed.user.id, proven });
    return moved ?? { outcome: 'used' };
  });
}

async function nameThem(
  services: Services,
  tx: Db,
  { tenant }: OpenAttempt,
  userId: string,
  { firstName, lastName, name }: Names,
): Promise<void> {
  const typed = { ...(firstName && { first_name: firstName }), ...(lastName && { last_name: lastName }) };
  await changeUser(services, tenant, tx, userId, { ...typed, ...(name && { name }) }, null, 'person');
}
