import {
  type ApiError,
  type Db,
  EntityNotFound,
  isUniqueViolation,
  newCode,
  type Secret,
  type Services,
  type Tenant,
} from '../core/index.ts';
import { noteSuccess } from '../lockout/index.ts';
import { queueMail } from '../mail/index.ts';
import { changeUser, findUserByEmail, lockUser, normalizeEmail, type UserRow } from '../users/index.ts';
import {
  EmailChangeCodeExpired,
  EmailChangeCodeIncorrect,
  EmailChangeCodePreviouslyUsed,
  EmailChangeNotNeeded,
  EmailChangeTooManyAttempts,
  NewEmailInvalid,
  NewEmailNotAvailable,
  NoPendingEmailChange,
} from './errors.ts';
import { assertMaySend } from './may-send.ts';
import { makeCode, makeDecoy, redeemOneTimeCode } from './one-time-code.ts';
import type { OneTimeCodeRow, Refusal } from './schema.ts';
import { codeLifetimeMinutes } from './send-code.ts';
import { deleteCodes, listCodes } from './store.ts';

/**
 * Mails a code to the address a user wants to have. Nothing changes until it comes back. Only the user can ask for it, so
 * the newest wish is the one in force.
 *
 * @throws {NewEmailInvalid} {@link EmailChangeNotNeeded} {@link NewEmailNotAvailable} {@link TooManyRequests}
 */
export async function sendEmailChange(
  services: Services,
  tenant: Tenant,
  user: UserRow,
  wanted: string,
): Promise<OneTimeCodeRow> {
  const email = await askedFor(services, tenant, user, wanted);
  if (await findUserByEmail(services.db, tenant, email)) throw new NewEmailNotAvailable();
  return services.db.transaction(async (tx) => {
    await forgetWish(tx, tenant, user);
    const { row, code } = await makeCode(services, tenant, tx, { purpose: 'email_change', owner: user, email });
    await mailCode(services, tx, tenant, user, { email, code, notAfter: row.expiresAt });
    return row;
  });
}

/**
 * The same for the person themselves, who must not learn whose address it is: one that is somebody's costs the same work, puts
 * a code in force that no digits match, and takes the place of an earlier wish like any other.
 *
 * @throws {NewEmailInvalid} {@link EmailChangeNotNeeded} {@link TooManyRequests}
 */
export async function sendEmailChangeEvenly(
  services: Services,
  tenant: Tenant,
  user: UserRow,
  wanted: string,
): Promise<void> {
  const email = await askedFor(services, tenant, user, wanted);
  await services.db.transaction(async (tx) => {
    const isTaken = (await findUserByEmail(tx, tenant, email)) !== null;
    await forgetWish(tx, tenant, user);
    const asked = { purpose: 'email_change', owner: user, email } as const;
    if (isTaken) {
      await makeDecoy(services, tenant, tx, asked);
      // It is late before it can leave, and dropped.
      await mailCode(services, tx, tenant, user, { email, code: newCode(), notAfter: new Date(0) });
    } else {
      const { row, code } = await makeCode(services, tenant, tx, asked);
      await mailCode(services, tx, tenant, user, { email, code, notAfter: row.expiresAt });
    }
  });
}

/** The address, normalised, once it may be written to. */
async function askedFor(services: Services, tenant: Tenant, user: UserRow, wanted: string): Promise<string> {
  const email = normalizeEmail(wanted);
  if (email === null) throw new NewEmailInvalid();
  if (email.toLowerCase() === user.email.toLowerCase()) throw new EmailChangeNotNeeded();
  // Counted for every address, or whoever asks often enough learns which one is somebody's.
  await assertMaySend(services, tenant, email);
  return email;
}

async function forgetWish(tx: Db, tenant: Tenant, { id }: UserRow): Promise<void> {
  await lockUser(tx, tenant, id);
  await deleteCodes(tx, tenant, id, ['email_change']);
}

const mailCode = (
  services: Services,
  tx: Db,
  tenant: Tenant,
  { locale }: UserRow,
  { email, code, notAfter }: { readonly email: string; readonly code: Secret; readonly notAfter: Date },
): Promise<void> =>
  queueMail(services, tx, tenant, {
    to: email,
    locale,
    notAfter,
    template: 'email_change',
    data: { code: code.reveal(), expiresInMinutes: codeLifetimeMinutes },
  });

export type EmailChangeOutcome =
  | { readonly outcome: 'changed'; readonly user: UserRow }
  | { readonly outcome: 'taken' }
  | { readonly outcome: 'none_pending' }
  | Refusal;

/**
 * Takes the code from the new inbox: the address becomes the user's, proved, and both inboxes are told. Whoever is
 * signed in with the old address is signed out. Comes after `assertMayTryCode`, and in a
 * transaction that `orTaken` waits for and that commits whatever the outcome.
 */
export async function redeemEmailChange(
  services: Services,
  tenant: Tenant,
  tx: Db,
  userId: string,
  code: string,
): Promise<EmailChangeOutcome> {
  const key = { purpose: 'email_change', ownerId: userId } as const;
  if ((await listCodes(tx, tenant, key)).length === 0) return { outcome: 'none_pending' };
  const redemption = await redeemOneTimeCode(services, tenant, tx, key, code);
  if (redemption.outcome !== 'verified') return redemption;
  const { email } = redemption;
  const before = await lockUser(tx, tenant, userId);
  if (!before) throw new EntityNotFound('User', userId);
  if (await findUserByEmail(tx, tenant, email)) return { outcome: 'taken' };
  const user = await changeUser(services, tenant, tx, userId, { email, email_verified: true }, null);
  await noteSuccess(services, tx, tenant, userId, 'email_code');
  for (const to of [before.email, email]) {
    await queueMail(services, tx, tenant, {
      to,
      locale: user.locale,
      template: 'email_changed',
      data: { newEmail: email },
    });
  }
  return { outcome: 'changed', user };
}

/** Somebody took the address between our look and our write. The code was not spent, and helps nobody any more. */
export async function orTaken<T>(change: Promise<T>): Promise<T | Extract<EmailChangeOutcome, { outcome: 'taken' }>> {
  try {
    return await change;
  } catch (error) {
    if (isUniqueViolation(error)) return { outcome: 'taken' };
    throw error;
  }
}

/** How the API names what went wrong. */
export function emailChangeRefusal({ outcome }: Exclude<EmailChangeOutcome, { outcome: 'changed' }>): ApiError {
  switch (outcome) {
    case 'taken':
      return new NewEmailNotAvailable();
    case 'none_pending':
      return new NoPendingEmailChange();
    case 'wrong':
      return new EmailChangeCodeIncorrect();
    case 'exhausted':
      return new EmailChangeTooManyAttempts();
    case 'expired':
      return new EmailChangeCodeExpired();
    case 'used':
      return new EmailChangeCodePreviouslyUsed();
  }
}
