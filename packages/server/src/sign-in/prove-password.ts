import type { Db, RequestInfo, Services } from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import { findUserByEmail, holdPassword, passwordSince, verifyPassword } from '../users/index.ts';
import { learn } from './advance.ts';
import type { OpenAttempt } from './browser.ts';
import { countPassword } from './limits.ts';

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
  request: RequestInfo,
): Promise<OpenAttempt | 'wrong' | 'overtaken'> {
  await countPassword(services, open, email);
  const { db, now } = services;
  const user = await findUserByEmail(db, open.tenant, email);
  const since = user && (await passwordSince(db, open.tenant, user.id));
  // Unknown addresses cost a hash too, so that the time tells nothing.
  const isRight = await verifyPassword(services, open.tenant, user?.id ?? null, password);
  if (!user || !isRight) {
    await db.transaction((tx) =>
      record(services, tx, open, request, { status: 'failed', userId: user?.id ?? null, email }),
    );
    return 'wrong';
  }
  const moved = await db.transaction(async (tx) => {
    if (!(await holdPassword(tx, open.tenant, user, since))) return null;
    const learned = await learn(tx, open, {
      userId: user.id,
      proven: { password: now().getTime() },
      signUp: null,
      codeSentAt: null,
    });
    if (learned) await record(services, tx, open, request, { status: 'succeeded', userId: user.id, email });
    return learned;
  });
  return moved ?? 'overtaken';
}

interface Outcome {
  readonly status: 'succeeded' | 'failed';
  readonly userId: string | null;
  readonly email: string;
}

function record(
  services: Services,
  tx: Db,
  { tenant }: OpenAttempt,
  request: RequestInfo,
  { status, userId, email }: Outcome,
): Promise<void> {
  return recordEvent(services, tx, tenant, {
    name: `authentication.password_${status}`,
    data: {
      type: 'password',
      status,
      ip_address: request.ip,
      user_agent: request.userAgent,
      user_id: userId,
      email,
      ...(status === 'failed'
        ? { error: { code: 'invalid_credentials', message: 'The email or the password is not right.' } }
        : {}),
    },
    userId,
  });
}
