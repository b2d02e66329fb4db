import { hash } from 'node:crypto';
import { after, base62, type Db, minutes, randomBase62, type Services, sameText, type Tenant } from '../core/index.ts';
import { spendProof } from './proof.store.ts';

/**
 * How much work: so many searches, each for a number whose SHA-256 begins with so many zero bits, 262,144 hashes on
 * average. Several short searches vary less than a long one. The page's script needs 0.27 s of a server's core for it,
 * and so a second or a little more of a slow phone, four to six times slower. A bot pays it for every account, and we
 * check it with 16 hashes. Each bit more doubles both.
 */
export const work = { searches: 16, zeroBits: 14 } as const;

/** As long as a sign-in may take. */
const validForMs = minutes(10);
const challengeForm = /^([0-9a-z]{8,9})-([0-9A-Za-z]{8})\.([0-9A-Za-z]{22})$/;
const solutionForm = new RegExp(`^[0-9a-z]{1,8}(?:\\.[0-9a-z]{1,8}){${work.searches - 1}}$`);

/**
 * A challenge for one attempt, from now on: `<time>-<random>.<MAC over both and the attempt>`. It is kept nowhere until
 * it is spent. Short enough that what is hashed fits one block.
 */
export function newChallenge({ vault, now }: Pick<Services, 'vault' | 'now'>, attemptId: string): string {
  const issued = `${now().getTime().toString(36)}-${randomBase62(8)}`;
  return `${issued}.${macOf(vault, attemptId, issued)}`;
}

const macOf = (vault: Services['vault'], attemptId: string, issued: string): string =>
  base62(vault.mac('proof-of-work', `${attemptId}\n${issued}`)).slice(-22);

/**
 * Whether a browser did the work that a challenge of this attempt asks for. The cheap checks come first, so that
 * nonsense costs nothing.
 *
 * @param solution - the numbers found, in base 36 and in the order of the searches, with dots between them
 */
export function provesWork(
  { vault, now }: Pick<Services, 'vault' | 'now'>,
  attemptId: string,
  challenge: string,
  solution: string,
): boolean {
  const [, time = '', random = '', mac = ''] = challengeForm.exec(challenge) ?? [];
  if (mac === '' || !solutionForm.test(solution)) return false;
  if (!sameText(mac, macOf(vault, attemptId, `${time}-${random}`))) return false;
  const at = now().getTime();
  // The distance and not the age: a clock that was set back makes no challenge last longer.
  if (Math.abs(at - Number.parseInt(time, 36)) > validForMs) return false;
  return solution.split('.').every((number, search) => hasZeroBits(`${mac}:${search}:${number}`));
}

const hasZeroBits = (text: string): boolean =>
  hash('sha256', text, 'buffer').readUInt32BE(0) >>> (32 - work.zeroBits) === 0;

/**
 * Spends a challenge whose work was proved, once. In the transaction that makes the account.
 *
 * @returns false when it was spent before
 */
export function spendWork({ now }: Pick<Services, 'now'>, tx: Db, tenant: Tenant, challenge: string): Promise<boolean> {
  // Twice, because it counts as valid on either side of its time.
  return spendProof(tx, tenant, challenge, after(now(), 2 * validForMs));
}
