import type { Db, Services, Tenant } from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import { noteSuccess, ownerIdOf } from '../lockout/index.ts';
import { queueMail } from '../mail/index.ts';
import { refusalOf } from './confirm-email.ts';
import { makeCode, redeemOneTimeCode } from './one-time-code.ts';
import type { Redemption, Refusal } from './schema.ts';
import { codeLifetimeMinutes } from './send-code.ts';

/**
 * Mails a code that proves an address before it has an account; the one the same sign-in had asked for before
 * stops working. It is the mail that a new account gets. The caller has passed `assertMaySend`.
 */
export async function sendAddressCode(
  services: Services,
  tenant: Tenant,
  tx: Db,
  { email, locale, attemptId }: { readonly email: string; readonly locale: string | null; readonly attemptId: string },
): Promise<void> {
  const { row, code } = await makeCode(services, tenant, tx, {
    purpose: 'email_verification',
    owner: { email },
    email,
    attemptId,
  });
  await queueMail(services, tx, tenant, {
    to: email,
    locale,
    notAfter: row.expiresAt,
    template: 'verify_email',
    data: { code: code.reveal(), expiresInMinutes: codeLifetimeMinutes },
  });
}

interface Presented {
  readonly email: string;
  readonly code: string;
  /** The sign-in it is presented in. */
  readonly attemptId: string;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
}

/**
 * Spends such a code, once, after `assertMayTryCode`. The transaction must commit whatever the
 * outcome. A success is recorded by whoever makes the account, as `authentication.email_verification_succeeded`.
 */
export async function redeemAddressCode(
  services: Services,
  tenant: Tenant,
  tx: Db,
  { email, code, attemptId, ipAddress, userAgent }: Presented,
): Promise<Redemption> {
  const ownerId = ownerIdOf(services, tenant, { email });
  const key = { purpose: 'email_verification', ownerId, attemptId } as const;
  const redemption = await redeemOneTimeCode(services, tenant, tx, key, code);
  if (redemption.outcome === 'verified') {
    await noteSuccess(services, tx, tenant, ownerId, 'email_code');
    return redemption;
  }
  const { code: reason, message } = refusalOf(redemption);
  await recordEvent(services, tx, tenant, {
    name: 'authentication.email_verification_failed',
    data: {
      type: 'email_verification',
      ip_address: ipAddress,
      user_agent: userAgent,
      user_id: null,
      email,
      status: 'failed',
      error: { code: reason, message },
    },
  });
  return redemption;
}

/**
 * The same for an address whose owner must not be asked, because somebody is signing up with it who may not be them: the
 * code of `makeDecoy`, which nothing matches.
 */
export async function confirmDecoy(services: Services, tenant: Tenant, tx: Db, presented: Presented): Promise<Refusal> {
  const redemption = await redeemAddressCode(services, tenant, tx, presented);
  return redemption.outcome === 'verified' ? { outcome: 'expired' } : redemption;
}
