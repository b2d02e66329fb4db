import {
  after,
  type Db,
  EntityNotFound,
  hours,
  minutes,
  newId,
  newSecret,
  Secret,
  type Services,
  type Tenant,
} from '../core/index.ts';
import { addressOf, getAddress, getEnvironment, getSettings } from '../environments/index.ts';
import { recordEvent } from '../events/index.ts';
import { noteInboxProved } from '../lockout/index.ts';
import { queueMail } from '../mail/index.ts';
import {
  changeUser,
  checkNewPassword,
  claimUser,
  findUser,
  findUserByEmail,
  hashPassword,
  lockUser,
  type PasswordHash,
  type UserRow,
} from '../users/index.ts';
import { EmailPasswordAuthDisabled, PasswordResetError } from './errors.ts';
import { assertMaySend } from './may-send.ts';
import { addReset, findResetByToken, spendReset } from './password-reset.store.ts';
import { type PasswordResetRow, resetEventData } from './schema.ts';

const lifetimeMs = hours(1);

/** Of a link that was just made. */
export interface SentReset {
  readonly row: PasswordResetRow;
  readonly token: Secret;
  readonly url: string;
}

/**
 * Mails a link that sets a new password; those that were mailed before stop working. A stranger who asks for one voids
 * nothing of use: the newest is in the same inbox. The caller has passed `assertMaySend`, which bounds how many there are.
 *
 * Sending it changes nothing else: the password that is there goes on working, because anybody can ask for a link.
 */
export async function sendReset(
  services: Services,
  tenant: Tenant,
  tx: Db,
  user: Pick<UserRow, 'id' | 'email' | 'locale'>,
  { attemptId = null, page }: { attemptId?: string | null; page?: string } = {},
): Promise<SentReset> {
  const { vault, now } = services;
  const at = now();
  const token = newSecret();
  const url = withToken(page ?? hostedPage(await getAddress(services, tx, tenant.environmentId)), token);
  const bound = { id: newId('passwordReset', at), environmentId: tenant.environmentId };
  const row: PasswordResetRow = {
    ...bound,
    userId: user.id,
    email: user.email,
    tokenHash: token.hash(),
    sealedToken: vault.seal(token.reveal(), placeOf(bound)),
    attemptId,
    expiresAt: after(at, lifetimeMs),
    redeemedAt: null,
    supersededAt: null,
    createdAt: at,
  };
  // Held, so that of two links that are made at once one is the newer.
  await lockUser(tx, tenant, user.id);
  await addReset(tx, tenant, row);
  await queueMail(services, tx, tenant, {
    to: user.email,
    locale: user.locale,
    notAfter: row.expiresAt,
    template: 'password_reset',
    data: { url, expiresInMinutes: lifetimeMs / minutes(1) },
  });
  await recordEvent(services, tx, tenant, {
    name: 'password_reset.created',
    userId: user.id,
    data: resetEventData(row),
  });
  return { row, token, url };
}

/** Opening it spends nothing; its form does. */
const hostedPage = (address: string): string => `${address}/reset-password`;

/** Where links lead that were asked for over the API: an app with pages of its own has one for this too. */
async function pageFor(services: Services, { environmentId }: Tenant): Promise<string> {
  const environment = await getEnvironment(services, environmentId);
  return environment.settings.passwordResetUrl ?? hostedPage(addressOf(services.config, environment));
}

function withToken(page: string, token: Secret): string {
  const url = new URL(page);
  url.searchParams.set('token', token.reveal());
  return url.href;
}

/** The link of a reset that was asked for over the API. */
export const resetUrl = async (services: Services, tenant: Tenant, token: Secret): Promise<string> =>
  withToken(await pageFor(services, tenant), token);

const placeOf = ({ id, environmentId }: Pick<PasswordResetRow, 'id' | 'environmentId'>): string =>
  `password_resets/${environmentId}/${id}`;

/** The token, for the API that hands it out again. */
export const openToken = ({ vault }: Pick<Services, 'vault'>, row: PasswordResetRow): Secret =>
  new Secret(vault.open(row.sealedToken, placeOf(row)));

/**
 * `POST /user_management/password_reset`. Its caller is trusted and told when nobody has the address.
 *
 * @param email - normalised
 * @throws {EmailPasswordAuthDisabled} {@link EntityNotFound} {@link TooManyRequests}
 */
export async function createReset(services: Services, tenant: Tenant, email: string): Promise<SentReset> {
  await assertPasswordsOn(services, tenant);
  const user = await findUserByEmail(services.db, tenant, email);
  if (!user) throw new EntityNotFound('User', email);
  await assertMaySend(services, tenant, email);
  const page = await pageFor(services, tenant);
  return services.db.transaction((tx) => sendReset(services, tenant, tx, user, { page }));
}

/** Who says they forgot their password. */
interface Forgetful {
  /** Normalised. */
  readonly email: string;
  /** Of the page they say it on. */
  readonly locale: string | null;
  /** The sign-in they say it in; null for a page that was opened by itself. */
  readonly attemptId: string | null;
}

/**
 * For the person who says they forgot their password: a link, or to an address nobody has the news of that. The same
 * work either way, so that only the inbox learns which it was.
 *
 * @throws {EmailPasswordAuthDisabled} {@link TooManyRequests}
 */
export async function askForReset(
  services: Services,
  tenant: Tenant,
  { email, locale, attemptId }: Forgetful,
): Promise<void> {
  await assertPasswordsOn(services, tenant);
  await assertMaySend(services, tenant, email);
  await services.db.transaction(async (tx) => {
    const user = await findUserByEmail(tx, tenant, email);
    if (user) await sendReset(services, tenant, tx, { ...user, locale }, { attemptId });
    else await queueMail(services, tx, tenant, { to: email, locale, template: 'no_account', data: {} });
  });
}

async function assertPasswordsOn(services: Services, { environmentId }: Tenant): Promise<void> {
  const { settings } = await getEnvironment(services, environmentId);
  if (!settings.passwordSignIn) throw new EmailPasswordAuthDisabled();
}

/** Why a link sets no password. */
export type DeadLink = 'unknown' | 'used' | 'expired' | 'superseded';

/** What a link is good for. Looking spends nothing, and so a mail scanner may look as often as it likes. */
export async function inspectReset(
  { db, now }: Pick<Services, 'now'> & { readonly db: Db },
  tenant: Tenant,
  token: Secret,
): Promise<{ readonly outcome: 'good'; readonly user: UserRow } | { readonly outcome: DeadLink }> {
  const reset = await findResetByToken(db, tenant, token.hash());
  if (!reset) return { outcome: 'unknown' };
  if (reset.redeemedAt) return { outcome: 'used' };
  if (reset.expiresAt <= now()) return { outcome: 'expired' };
  if (reset.supersededAt) return { outcome: 'superseded' };
  const user = await findUser(db, tenant, reset.userId);
  return user ? { outcome: 'good', user } : { outcome: 'unknown' };
}

export type PasswordChange =
  | { readonly outcome: 'changed'; readonly user: UserRow }
  | { readonly outcome: DeadLink }
  /** The link is still good. */
  | { readonly outcome: 'refused'; readonly findings: Awaited<ReturnType<typeof checkNewPassword>> };

/**
 * Sets the password with a link, once. Whoever has the link has the inbox, so the address is proved by it; every session
 * ends, and a locked password is open again. Second factors stay, and are asked for at the next sign-in (ASVS 6.4.3),
 * unless nobody had proved the address before: then they may be another person's.
 *
 * @throws {EmailPasswordAuthDisabled}
 * @throws {Unavailable} when too many passwords are waiting to be hashed
 */
export async function resetPassword(
  services: Services,
  tenant: Tenant,
  token: Secret,
  newPassword: string,
): Promise<PasswordChange> {
  await assertPasswordsOn(services, tenant);
  const link = await inspectReset(services, tenant, token);
  if (link.outcome !== 'good') return link;
  const findings = await checkNewPassword(services, tenant, link.user.id, newPassword, link.user);
  if (findings.length > 0) return { outcome: 'refused', findings };
  const hash = await hashPassword(newPassword);
  return services.db.transaction((tx) => redeem(services, tenant, tx, link.user.id, token, hash));
}

async function redeem(
  services: Services,
  tenant: Tenant,
  tx: Db,
  userId: string,
  token: Secret,
  hash: PasswordHash,
): Promise<PasswordChange> {
  // First, so that a newer link is either seen here or made after this one was used.
  const before = await lockUser(tx, tenant, userId);
  // Hashing takes its time, in which passwords may have been switched off. What throws here leaves the link unspent.
  if (!(await getSettings(tx, tenant.environmentId)).passwordSignIn) throw new EmailPasswordAuthDisabled();
  const spent = await spendReset(tx, tenant, token.hash(), services.now());
  if (!spent) {
    const { outcome } = await inspectReset({ db: tx, now: services.now }, tenant, token);
    return { outcome: outcome === 'good' ? 'used' : outcome };
  }
  // A link to an inbox that is not the user's any more proves nothing.
  if (before?.email.toLowerCase() !== spent.email.toLowerCase()) return { outcome: 'unknown' };
  if (!before.isEmailVerified) await claimUser(services, tenant, tx, before.id);
  const user = await changeUser(services, tenant, tx, before.id, { email_verified: true }, hash);
  await noteInboxProved(services, tx, tenant, user.id);
  await recordEvent(services, tx, tenant, {
    name: 'password_reset.succeeded',
    userId: user.id,
    data: resetEventData(spent),
  });
  await queueMail(services, tx, tenant, {
    to: user.email,
    locale: user.locale,
    template: 'password_changed',
    data: {},
  });
  return { outcome: 'changed', user };
}

/** How the API names a link that sets no password. The token is not repeated: it may be another one’s, cut short. */
export function refuseReset(outcome: DeadLink, token: Secret): never {
  switch (outcome) {
    case 'unknown':
      throw new EntityNotFound('Password reset token', `${token.reveal().slice(0, 4)}…`);
    case 'used':
      throw new PasswordResetError([
        { code: 'password_reset_token_used', message: 'This link was used before. Ask for a new one.' },
      ]);
    case 'superseded':
      throw new PasswordResetError([
        {
          code: 'password_reset_token_superseded',
          message: 'A newer link was sent. Use that one, or ask for another.',
        },
      ]);
    case 'expired':
      throw new PasswordResetError([
        { code: 'password_reset_token_expired', message: 'This link has expired. Ask for a new one.' },
      ]);
  }
}
