import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import { type Db, EntityNotFound, isUniqueViolation, type Services, type Tenant } from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import { queueMail } from '../mail/index.ts';
import { emailKey, normalizeEmail } from './email.ts';
import { EmailNotAvailable, ExternalIdAlreadyUsed, InvalidEmail } from './errors.ts';
import { canonicalLocale } from './locale.ts';
import { getUser } from './logic.ts';
import { mergeMetadata } from './metadata.ts';
import { newPassword } from './new-password.ts';
import type { PasswordHash } from './password-hash.ts';
import { setPassword } from './password-store.ts';
import { toWire, type UpdateUser } from './schema.ts';
import { saveTerms, termsOf } from './search.ts';
import { findUserByEmail, findUserByExternalId, lockUser, saveUser, type UserRow } from './store.ts';

export type Change = z.output<typeof UpdateUser>;

/**
 * `PUT /user_management/users/{id}`: changes what was sent and leaves the rest. A change that changes nothing moves
 * no `updated_at` and tells nobody.
 *
 * @throws {EntityNotFound} also when it belongs to another environment
 */
export async function updateUser(services: Services, tenant: Tenant, id: string, change: Change): Promise<UserRow> {
  const wanted = changed(await getUser(services.db, tenant, id), change);
  const password = await newPassword(services, tenant, id, change, wanted);
  const save = (): Promise<UserRow> =>
    services.db.transaction(async (tx) => {
      const before = await lockUser(tx, tenant, id);
      const user = await changeUser(services, tenant, tx, id, change, password);
      if (before) await tellPerson(services, tx, tenant, before, user, change);
      return user;
    });
  try {
    return await save();
  } catch (error) {
    // Somebody took the address or the external id between our look and our write: the second look finds them.
    if (isUniqueViolation(error)) return save();
    throw error;
  }
}

/**
 * Whose way in changes is told, whoever changes it. An address that nobody had proved is told of no other one: it may be a
 * stranger's. Nor is anybody told of a hash, which is how passwords move here from elsewhere.
 */
async function tellPerson(
  services: Services,
  tx: Db,
  tenant: Tenant,
  before: UserRow,
  user: UserRow,
  { password }: Change,
): Promise<void> {
  const { email, locale } = user;
  const hasMoved = emailKey(email) !== emailKey(before.email);
  for (const to of hasMoved ? [...(before.isEmailVerified ? [before.email] : []), email] : [])
    await queueMail(services, tx, tenant, { to, locale, template: 'email_changed', data: { newEmail: email } });
  if (password != null)
    await queueMail(services, tx, tenant, { to: email, locale, template: 'password_changed', data: {} });
}

/**
 * The same within a transaction, with the password's hash made before it.
 *
 * @param by - whose word the change is: names that a person types are not the operator's
 */
export async function changeUser(
  services: Services,
  tenant: Tenant,
  tx: Db,
  id: string,
  change: Change,
  password: PasswordHash | null,
  by: 'operator' | 'person' = 'operator',
): Promise<UserRow> {
  const before = await lockUser(tx, tenant, id);
  if (!before) throw new EntityNotFound('User', id);
  const wanted = changed(before, change);
  const after = saysNames(change) ? { ...wanted, isSelfDescribed: by === 'person' } : wanted;
  if (!password && isDeepStrictEqual(after, before)) return before;
  await assertFree(tx, tenant, before, after);
  const at = services.now();
  const user = await saveUser(tx, tenant, { ...after, updatedAt: at });
  if (password) await setPassword(tx, tenant, id, password, at);
  if (!isDeepStrictEqual(termsOf(before), termsOf(user))) await saveTerms(tx, tenant, user);
  await recordEvent(services, tx, tenant, { name: 'user.updated', data: toWire(user), userId: id });
  if (password || emailKey(user.email) !== emailKey(before.email)) {
    // Whoever is signed in with the old password or address may not be the person any more: their sessions end.
    const data = { id, email_before: before.email };
    await recordEvent(services, tx, tenant, { name: 'user.credentials_changed', data, userId: id });
  }
  return user;
}

/** The user as the change wants it. A new address is unverified until somebody says or proves otherwise. */
function changed(before: UserRow, change: Change): UserRow {
  const email = change.email == null ? before.email : normalizeEmail(change.email);
  if (email === null) throw new InvalidEmail();
  const isSameAddress = emailKey(email) === emailKey(before.email);
  const isEmailVerified = change.email_verified ?? (isSameAddress && before.isEmailVerified);
  return {
    ...before,
    email,
    isEmailVerified,
    firstName: orKeep(change.first_name, before.firstName),
    lastName: orKeep(change.last_name, before.lastName),
    name: orKeep(change.name, before.name),
    externalId: orKeep(change.external_id, before.externalId),
    metadata: change.metadata === undefined ? before.metadata : mergeMetadata(before.metadata, change.metadata),
    locale: change.locale == null ? orKeep(change.locale, before.locale) : canonicalLocale(change.locale),
  };
}

const saysNames = ({ first_name, last_name, name }: Change): boolean =>
  [first_name, last_name, name].some((each) => each !== undefined);

const orKeep = <T>(given: T | null | undefined, before: T | null): T | null => (given === undefined ? before : given);

async function assertFree(tx: Db, tenant: Tenant, before: UserRow, after: UserRow): Promise<void> {
  if (emailKey(after.email) !== emailKey(before.email) && (await findUserByEmail(tx, tenant, after.email))) {
    throw new EmailNotAvailable();
  }
  const { externalId } = after;
  if (externalId !== null && externalId !== before.externalId && (await findUserByExternalId(tx, tenant, externalId))) {
    throw new ExternalIdAlreadyUsed(externalId);
  }
}
