import type { ApiError, Db, Services, Tenant } from '../core/index.ts';
import { getEnvironment } from '../environments/index.ts';
import { recordEvent } from '../events/index.ts';
import { noteSuccess, ownerIdOf } from '../lockout/index.ts';
import { queueMail } from '../mail/index.ts';
import {
  InvalidOneTimeCode,
  OneTimeCodeExpired,
  OneTimeCodePreviouslyUsed,
  OneTimeCodeTooManyAttempts,
} from '../mfa/index.ts';
import { findOpenInvitation, InvitationInvalid, mayMakeAccount } from '../organizations/index.ts';
import { claimUser, createUser, findUserByEmail, markEmailVerified, type UserRow } from '../users/index.ts';
import { AuthenticationMethodNotAllowed, SignUpNotAllowed } from './errors.ts';
import { assertMaySend } from './may-send.ts';
import { makeCode, makeDecoy, redeemOneTimeCode } from './one-time-code.ts';
import { type OneTimeCodeRow, type Refusal, toEventData } from './schema.ts';
import { codeLifetimeMinutes } from './send-code.ts';

/** Of a code that was just made. */
export interface SentMagicCode {
  readonly row: OneTimeCodeRow & { readonly purpose: 'magic_auth' };
  /** The digits: for the API, whose caller may mail them in its own words. */
  readonly code: string;
}

/** Who is mailed a code: a user, or an address nobody has, which the code makes one of. */
type Addressee = Pick<UserRow, 'id' | 'email' | 'locale'> | { readonly email: string; readonly locale: string | null };

/**
 * Mails a code that signs somebody in; the one the same sign-in had asked for before stops working. The caller has passed `assertMaySend`.
 *
 * @param attemptId - the sign-in at our pages that asks for it, and then the only one that may use it
 */
export async function sendMagicCode(
  services: Services,
  tenant: Tenant,
  tx: Db,
  to: Addressee,
  attemptId: string | null = null,
): Promise<SentMagicCode> {
  const { email, locale } = to;
  const { row, code } = await makeCode(services, tenant, tx, { purpose: 'magic_auth', owner: to, email, attemptId });
  await queueMail(services, tx, tenant, {
    to: email,
    locale,
    notAfter: row.expiresAt,
    template: 'magic_auth',
    data: { code: code.reveal(), expiresInMinutes: codeLifetimeMinutes },
  });
  const userId = 'id' in to ? to.id : null;
  const data = { ...toEventData(row), user_id: userId };
  await recordEvent(services, tx, tenant, { name: 'magic_auth.created', userId, data });
  return { row, code: code.reveal() };
}

/**
 * The page's answer to an address nobody has while sign-up is closed: the same work, and a mail that says so.
 */
export async function sendMagicDecoy(
  services: Services,
  tenant: Tenant,
  tx: Db,
  { email, locale, attemptId }: { readonly email: string; readonly locale: string | null; readonly attemptId: string },
): Promise<void> {
  await makeDecoy(services, tenant, tx, { purpose: 'magic_auth', email, attemptId });
  await queueMail(services, tx, tenant, { to: email, locale, template: 'no_account', data: {} });
}

/**
 * `POST /user_management/magic_auth`: a code for an address. An address nobody has gets an unverified account, unless
 * sign-up is closed; its code is sign-in and sign-up in one.
 *
 * @param email - normalised
 * @param invitationToken - lets in the invited address where sign-up is closed; the grant that takes the code accepts it
 * @throws {InvitationInvalid} {@link AuthenticationMethodNotAllowed} {@link SignUpNotAllowed} {@link TooManyRequests}
 */
export async function createMagicAuth(
  services: Services,
  tenant: Tenant,
  email: string,
  invitationToken: string | null = null,
): Promise<SentMagicCode> {
  const { settings } = await getEnvironment(services, tenant.environmentId);
  if (!settings.magicAuthSignIn) throw new AuthenticationMethodNotAllowed('Signing in with a code by mail');
  const known = await findUserByEmail(services.db, tenant, email);
  const invitation = invitationToken && (await findOpenInvitation(services, tenant, invitationToken));
  if (invitationToken && !invitation) throw new InvitationInvalid();
  const wanted = { email, invitationId: invitation ? invitation.id : null };
  if (!known && !(await mayMakeAccount(services, services.db, tenant, settings, wanted))) throw new SignUpNotAllowed();
  await assertMaySend(services, tenant, email);
  return services.db.transaction(async (tx) =>
    sendMagicCode(services, tenant, tx, await findOrCreate(services, tenant, tx, email)),
  );
}

/** The user with this address; a new one, unverified, when nobody has it. */
async function findOrCreate(services: Services, tenant: Tenant, tx: Db, email: string): Promise<UserRow> {
  const known = await findUserByEmail(tx, tenant, email);
  if (known) return known;
  const created = await createUser(services, tenant, tx, { email });
  if (created !== 'email_taken') return created;
  const other = await findUserByEmail(tx, tenant, email);
  if (!other) throw new Error('An address is taken and nobody has it.');
  return other;
}

interface PresentedCode {
  readonly email: string;
  readonly code: string;
  /** The sign-in it is presented in. */
  readonly attemptId?: string | null;
  /** Of the person's browser. */
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
}

/** `newcomer`: the inbox is proved, and nobody has an account with it. */
export type MagicAuthentication =
  | { readonly outcome: 'verified'; readonly user: UserRow }
  | { readonly outcome: 'newcomer' }
  | Refusal;

/**
 * Takes a code that signs somebody in, and records how it went; for a newcomer whoever makes the account does, with
 * `recordMagicSignIn`. It proves the inbox: an address nobody had proved is verified by it, and what was set on its
 * account before, by whomever, is forgotten. Every path comes through here, after `assertMayTryCode`. The transaction must
 * commit whatever the outcome.
 *
 * @param presented.email - normalised; its account need not exist
 */
export async function redeemMagicCode(
  services: Services,
  tenant: Tenant,
  tx: Db,
  { email, code, attemptId = null, ipAddress, userAgent }: PresentedCode,
): Promise<MagicAuthentication> {
  const user = await findUserByEmail(tx, tenant, email);
  const ownerId = ownerIdOf(services, tenant, user ?? { email });
  const key = { purpose: 'magic_auth', ownerId, attemptId } as const;
  const redemption = await redeemOneTimeCode(services, tenant, tx, key, code);
  if (redemption.outcome === 'verified') {
    await noteSuccess(services, tx, tenant, ownerId, 'email_code');
    if (!user) return { outcome: 'newcomer' };
    if (!user.isEmailVerified) await claimUser(services, tenant, tx, user.id);
    const proved = await markEmailVerified(services, tenant, tx, user.id, user.email);
    await recordMagicSignIn(services, tx, tenant, proved, { ipAddress, userAgent });
    return { outcome: 'verified', user: proved };
  }
  const { code: errorCode, message } = oneTimeCodeError(redemption);
  await recordEvent(services, tx, tenant, {
    name: 'authentication.magic_auth_failed',
    userId: user?.id ?? null,
    data: {
      type: 'magic_auth',
      ip_address: ipAddress,
      user_agent: userAgent,
      user_id: user?.id ?? null,
      email: user?.email ?? email,
      status: 'failed',
      error: { code: errorCode, message },
    },
  });
  return redemption;
}

/** Records that a code has signed somebody in. */
export async function recordMagicSignIn(
  services: Services,
  tx: Db,
  tenant: Tenant,
  { id: userId, email }: Pick<UserRow, 'id' | 'email'>,
  { ipAddress, userAgent }: Pick<PresentedCode, 'ipAddress' | 'userAgent'>,
): Promise<void> {
  await recordEvent(services, tx, tenant, {
    name: 'authentication.magic_auth_succeeded',
    userId,
    data: {
      type: 'magic_auth',
      ip_address: ipAddress,
      user_agent: userAgent,
      user_id: userId,
      email,
      status: 'succeeded',
    },
  });
}

/** How the published contract names a refusal. */
export function oneTimeCodeError({ outcome }: Refusal): ApiError {
  switch (outcome) {
    case 'wrong':
      return new InvalidOneTimeCode('That code is not right. Take the one of the newest mail.');
    case 'exhausted':
      return new OneTimeCodeTooManyAttempts('The code was tried too often, so it no longer works. Send a new one.');
    case 'expired':
      return new OneTimeCodeExpired('There is no code in force for this address. Send a new one.');
    case 'used':
      return new OneTimeCodePreviouslyUsed('This code was used before. Each code works once.');
  }
}
