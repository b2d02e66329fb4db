import type { Db, Services, Tenant } from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import { assertMayTry, noteSuccess } from '../lockout/index.ts';
import { findUserByEmail, holdPassword, passwordSince, verifyPassword } from '../users/index.ts';
import type { Learned } from './attempt.ts';

interface PasswordPresentation {
  readonly email: string;
  readonly password: string;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

export type PasswordProof<T> =
  | { readonly outcome: 'proved'; readonly saved: T }
  | { readonly outcome: 'wrong' }
  /** Another request was first, or changed the password. */
  | { readonly outcome: 'overtaken' };

/**
 * Proves the password of an address.
 *
 * @param save - writes down what was learned, in the transaction that holds the password as it is; null when the attempt
 *   has moved on
 * @throws {TriedTooOften} when the password of the address was tried too often, at whatever door
 */
export async function provePassword<T>(
  services: Services,
  tenant: Tenant,
  presented: PasswordPresentation,
  save: (tx: Db, learned: Learned) => Promise<T | null>,
): Promise<PasswordProof<T>> {
  const { db, now } = services;
  const { email } = presented;
  const user = await findUserByEmail(db, tenant, email);
  await assertMayTry(services, tenant, user ?? { email }, 'password');
  const since = user && (await passwordSince(db, tenant, user.id));
  // Unknown addresses cost a hash too, so that the time tells nothing.
  const isRight = await verifyPassword(services, tenant, user?.id ?? null, presented.password);
  if (!user || !isRight) {
    await db.transaction((tx) => record(services, tx, tenant, presented, 'failed', user?.id ?? null));
    return { outcome: 'wrong' };
  }
  const saved = await db.transaction(async (tx) => {
    if (!(await holdPassword(tx, tenant, user, since))) return null;
    const proven = { password: now().getTime() };
    const next = await save(tx, { email, userId: user.id, proven, signUp: null, codeSentAt: null });
    if (next !== null) await record(services, tx, tenant, presented, 'succeeded', user.id);
    await noteSuccess(services, tx, tenant, user.id, 'password');
    return next;
  });
  return saved === null ? { outcome: 'overtaken' } : { outcome: 'proved', saved };
}

function record(
  services: Services,
  tx: Db,
  tenant: Tenant,
  { email, ip, userAgent }: PasswordPresentation,
  status: 'succeeded' | 'failed',
  userId: string | null,
): Promise<void> {
  return recordEvent(services, tx, tenant, {
    name: `authentication.password_${status}`,
    data: {
      type: 'password',
      status,
      ip_address: ip,
      user_agent: userAgent,
      user_id: userId,
      email,
      ...(status === 'failed'
        ? { error: { code: 'invalid_credentials', message: 'The email or the password is not right.' } }
        : {}),
    },
    userId,
  });
}
