import { type Db, minutes, type Services, type Tenant } from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import { queueMail } from '../mail/index.ts';
import type { UserRow } from '../users/index.ts';
import { makeCode } from './one-time-code.ts';
import { codeLifetimeMs, toEventData } from './schema.ts';

export const codeLifetimeMinutes = codeLifetimeMs / minutes(1);

/**
 * Mails a new code to the user's address; the one the same sign-in had asked for before stops working. The caller has passed `assertMaySend`.
 *
 * @param attemptId - the sign-in at our pages that asks for it, and then the only one that may use it
 * @returns the verification's public id, and when the code stops working
 */
export async function sendVerificationCode(
  services: Services,
  tenant: Tenant,
  tx: Db,
  user: Pick<UserRow, 'id' | 'email' | 'locale'>,
  attemptId: string | null = null,
): Promise<{ id: string; expiresAt: Date }> {
  const { email } = user;
  const { row, code } = await makeCode(services, tenant, tx, {
    purpose: 'email_verification',
    owner: user,
    email,
    attemptId,
  });
  await queueMail(services, tx, tenant, {
    to: email,
    locale: user.locale,
    notAfter: row.expiresAt,
    template: 'verify_email',
    data: { code: code.reveal(), expiresInMinutes: codeLifetimeMinutes },
  });
  await recordEvent(services, tx, tenant, {
    name: 'email_verification.created',
    userId: user.id,
    data: toEventData(row),
  });
  return { id: row.id, expiresAt: row.expiresAt };
}
