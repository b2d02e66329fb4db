import {
  type Database,
  type Db,
  EntityNotFound,
  type Page,
  type PageQuery,
  pageOf,
  type Services,
  type Statement,
  sql,
  type Tenant,
} from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import { normalizeEmail } from './email.ts';
import { passwordSince, removePassword } from './password-store.ts';
import { toWire } from './schema.ts';
import { removeTerms, saveTerms, searchUsers, wordsOf } from './search.ts';
import {
  findUser,
  forgetSelfDescription,
  lockUser,
  readUser,
  removeUser,
  selectUsers,
  setEmailVerified,
  type UserRow,
} from './store.ts';

const nothing: Page<UserRow> = { rows: [], before: null, after: null };

/** @throws {EntityNotFound} also when it belongs to another environment */
export async function getUser(db: Database, tenant: Tenant, id: string): Promise<UserRow> {
  const user = await readUser(db, tenant, id);
  if (!user) throw new EntityNotFound('User', id);
  return user;
}

interface UserFilter {
  /** Exactly this address, whatever its case. */
  readonly email?: string | undefined;
  /** Only users that another table names; it has one column, `user_id`. */
  readonly among?: Statement | undefined;
}

/** A page of users. */
export async function listUsers(db: Db, tenant: Tenant, query: PageQuery, filter: UserFilter): Promise<Page<UserRow>> {
  const email = filter.email === undefined ? null : normalizeEmail(filter.email);
  if (filter.email !== undefined && email === null) return nothing;
  const named = filter.among ? sql`id in (${filter.among})` : sql`1 = 1`;
  return pageOf(
    query,
    (id) => findUser(db, tenant, id),
    (where, order, limit) => selectUsers(db, tenant, email, sql`${named} and ${where}`, order, limit),
  );
}

/** Users whose names, address or ids begin with every word of the search; everybody when it has no words. */
export async function findUsersBy(db: Db, tenant: Tenant, query: PageQuery, search: string): Promise<Page<UserRow>> {
  const words = wordsOf(search);
  if (words.length === 0) return listUsers(db, tenant, query, {});
  const select = await searchUsers(db, tenant, words);
  return pageOf(query, (id) => findUser(db, tenant, id), select);
}

/**
 * Whether a password that was right a moment ago still is the one of this user and address; nobody changes either
 * before the transaction ends. A hash takes long enough for a change to be acknowledged meanwhile, and after that the
 * old password must not begin anything.
 *
 * @param since - `passwordSince`, read before the password was verified
 */
export async function holdPassword(
  tx: Db,
  tenant: Tenant,
  { id, email }: Pick<UserRow, 'id' | 'email'>,
  since: Date | null,
): Promise<boolean> {
  const user = await lockUser(tx, tenant, id);
  if (user?.email !== email || since === null) return false;
  return (await passwordSince(tx, tenant, id))?.getTime() === since.getTime();
}

/** Removes the user with everything this room keeps of them; later rooms follow through the event. */
export async function deleteUser(services: Services, tenant: Tenant, id: string): Promise<void> {
  await services.db.transaction(async (tx) => {
    const user = await removeUser(tx, tenant, id);
    if (!user) throw new EntityNotFound('User', id);
    await removePassword(tx, tenant, id);
    await removeTerms(tx, tenant, id);
    await recordEvent(services, tx, tenant, { name: 'user.deleted', data: toWire(user), userId: id });
  });
}

/**
 * The inbox of an account that nobody had proved is proved now, by somebody who has shown nothing else of it. What was
 * set on it before may be another person's, who waits for the owner to come: the password goes here, and with the event
 * sessions, half-finished sign-ins, passkeys and identities in their rooms, and names they gave themselves. What the
 * operator said and gave stays.
 *
 * A second factor stays, too, and is asked for: it lets nobody in by itself, and an inbox alone must not remove it (ASVS
 * 6.4.3). Our own pages set none up before the inbox is proved.
 */
export async function claimUser(services: Services, tenant: Tenant, tx: Db, userId: string): Promise<void> {
  // Held before anything is taken away: a passkey on its way would be kept after those of the user went.
  await lockUser(tx, tenant, userId);
  await removePassword(tx, tenant, userId);
  const nameless = await forgetSelfDescription(tx, tenant, userId, services.now());
  if (nameless) await saveTerms(tx, tenant, nameless);
  await recordEvent(services, tx, tenant, { name: 'user.claimed', data: { id: userId }, userId });
}

/**
 * Marks the user's address as verified. When it was already, nothing changes and no event tells of it.
 *
 * @param email - the address that was proven; when the user has another one by now, that stays unverified
 * @throws {EntityNotFound} when the user is gone
 */
export async function markEmailVerified(
  services: Services,
  tenant: Tenant,
  tx: Db,
  userId: string,
  email: string | null = null,
): Promise<UserRow> {
  const user = await setEmailVerified(tx, tenant, userId, email, services.now());
  if (user) {
    await recordEvent(services, tx, tenant, { name: 'user.updated', data: toWire(user), userId });
    return user;
  }
  const unchanged = await lockUser(tx, tenant, userId);
  if (!unchanged) throw new EntityNotFound('User', userId);
  return unchanged;
}
