import { anyOf, batched, type Database, type Db, json, type Statement, sql, type Tenant } from '../core/index.ts';
import { isAscii } from './ascii.ts';
import { emailKey } from './email.ts';
import type { Metadata } from './metadata.ts';

export interface UserRow {
  readonly id: string;
  readonly email: string;
  readonly isEmailVerified: boolean;
  readonly firstName: string | null;
  readonly lastName: string | null;
  /** The full name as it was given; not put together from the other two. */
  readonly name: string | null;
  readonly profilePictureUrl: string | null;
  /** Names and picture are what somebody at the pages said of themselves, and not the operator's word. */
  readonly isSelfDescribed: boolean;
  readonly externalId: string | null;
  readonly metadata: Metadata;
  readonly locale: string | null;
  readonly lastSignInAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const columns = sql`id, email, is_email_verified, first_name, last_name, name, profile_picture_url, is_self_described,
  external_id, metadata_json, locale, last_sign_in_at, created_at, updated_at`;

/** Ids come from the outside in paths and cursors; what cannot be one is not looked up. */
const isUserId = (id: string): boolean => /^user_[0-9A-Za-z]{1,64}$/.test(id);

/** In ASCII characters. */
const maxExternalIdLength = 128;

export const isExternalId = (text: string): boolean =>
  text !== '' && text.length <= maxExternalIdLength && isAscii(text);

export async function findUser(db: Db, tenant: Tenant, id: string): Promise<UserRow | null> {
  return isUserId(id) ? findUserIn(db, { environmentId: tenant.environmentId, id }) : null;
}

interface Named {
  readonly environmentId: string;
  readonly id: string;
}

const findUserIn = (db: Db, { environmentId, id }: Named): Promise<UserRow | null> =>
  db.maybeOne(sql<UserRow>`select ${columns} from users where id = ${id} and environment_id = ${environmentId}`);

const readUsers = batched<Named, UserRow | null>(async (db, wanted) => {
  const [first] = wanted;
  if (first && wanted.length === 1) return [await findUserIn(db, first)];
  const rows = await db.all(sql<UserRow & { environmentId: string }>`
    select ${columns}, environment_id from users where id ${anyOf(wanted.map(({ id }) => id))}`);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return wanted.map(({ id, environmentId }) => {
    const row = byId.get(id);
    return row?.environmentId === environmentId ? row : null;
  });
});

/** As `findUser`, for hot paths: requests of the same turn share one statement on PostgreSQL. */
export async function readUser(db: Database, tenant: Tenant, id: string): Promise<UserRow | null> {
  return isUserId(id) ? readUsers(db, { environmentId: tenant.environmentId, id }) : null;
}

/** @param email - normalised, in any case */
export function findUserByEmail(db: Db, tenant: Tenant, email: string): Promise<UserRow | null> {
  return db.maybeOne(sql<UserRow>`
    select ${columns} from users where environment_id = ${tenant.environmentId} and email_key = ${emailKey(email)}`);
}

export async function findUserByExternalId(db: Db, tenant: Tenant, externalId: string): Promise<UserRow | null> {
  if (!isExternalId(externalId)) return null;
  return db.maybeOne(sql<UserRow>`
    select ${columns} from users where environment_id = ${tenant.environmentId} and external_id = ${externalId}`);
}

/** The user, kept from changing until the transaction ends. */
export async function lockUser(tx: Db, tenant: Tenant, id: string): Promise<UserRow | null> {
  if (!isUserId(id)) return null;
  return tx.maybeOne(sql<UserRow>`
    select ${columns} from users where id = ${id} and environment_id = ${tenant.environmentId} ${forUpdate}`);
}

/** SQLite has one writer at a time, and this is it. */
const forUpdate = sql.engine({ sqlite: '', postgresql: 'for update' });

/** The new row, or null when its e-mail address or external id is taken. */
export function insertUser(tx: Db, tenant: Tenant, user: UserRow): Promise<UserRow | null> {
  return tx.maybeOne(sql<UserRow>`
    insert into users (id, environment_id, email, email_key, is_email_verified, first_name, last_name, name,
      profile_picture_url, is_self_described, external_id, metadata_json, locale, last_sign_in_at,
      created_at, updated_at)
    values (${user.id}, ${tenant.environmentId}, ${user.email}, ${emailKey(user.email)}, ${user.isEmailVerified},
      ${user.firstName}, ${user.lastName}, ${user.name}, ${user.profilePictureUrl}, ${user.isSelfDescribed},
      ${user.externalId}, ${json(user.metadata)}, ${user.locale}, ${user.lastSignInAt}, ${user.createdAt}, ${user.updatedAt})
    on conflict do nothing
    returning ${columns}`);
}

/** Fails as a unique violation when somebody else took the e-mail address or external id in the meantime. */
export function saveUser(tx: Db, tenant: Tenant, user: UserRow): Promise<UserRow> {
  return tx.one(sql<UserRow>`
    update users set email = ${user.email}, email_key = ${emailKey(user.email)},
      is_email_verified = ${user.isEmailVerified}, first_name = ${user.firstName}, last_name = ${user.lastName},
      name = ${user.name}, is_self_described = ${user.isSelfDescribed}, external_id = ${user.externalId}, metadata_json = ${json(user.metadata)},
      locale = ${user.locale}, updated_at = ${user.updatedAt}
    where id = ${user.id} and environment_id = ${tenant.environmentId}
    returning ${columns}`);
}

/** @returns null when it was verified already, or the address is not this user's any more */
export function setEmailVerified(
  tx: Db,
  tenant: Tenant,
  id: string,
  email: string | null,
  at: Date,
): Promise<UserRow | null> {
  const stillTheirs = email === null ? sql`1 = 1` : sql`email_key = ${emailKey(email)}`;
  return tx.maybeOne(sql<UserRow>`
    update users set is_email_verified = 1, updated_at = ${at}
    where id = ${id} and environment_id = ${tenant.environmentId} and is_email_verified = 0 and ${stillTheirs}
    returning ${columns}`);
}

/** Takes away what somebody said of themselves. @returns the user, or null where the operator did or nobody */
export function forgetSelfDescription(tx: Db, tenant: Tenant, id: string, at: Date): Promise<UserRow | null> {
  return tx.maybeOne(sql<UserRow>`
    update users set first_name = null, last_name = null, name = null, profile_picture_url = null, is_self_described = 0,
      updated_at = ${at}
    where id = ${id} and environment_id = ${tenant.environmentId} and is_self_described = 1
    returning ${columns}`);
}

/** Writes down when somebody signed in. `updated_at` stays: nobody changed the user, and no event tells of it. */
export function noteSignIn(tx: Db, tenant: Tenant, id: string, at: Date): Promise<UserRow> {
  return tx.one(sql<UserRow>`
    update users set last_sign_in_at = ${at} where id = ${id} and environment_id = ${tenant.environmentId}
    returning ${columns}`);
}

export async function removeUser(tx: Db, tenant: Tenant, id: string): Promise<UserRow | null> {
  if (!isUserId(id)) return null;
  return tx.maybeOne(sql<UserRow>`
    delete from users where id = ${id} and environment_id = ${tenant.environmentId} returning ${columns}`);
}

/** @param email - only the user with this address, normalised */
export function selectUsers(
  db: Db,
  tenant: Tenant,
  email: string | null,
  where: Statement,
  order: Statement,
  limit: number,
): Promise<UserRow[]> {
  const withEmail = email === null ? sql`1 = 1` : sql`email_key = ${emailKey(email)}`;
  return db.all(sql<UserRow>`
    select ${columns} from users
    where environment_id = ${tenant.environmentId} and ${withEmail} and ${where}
    order by ${order} limit ${limit}`);
}

/** Users among candidates that another table names; `candidates` has one column, `user_id`. */
export function selectUsersAmong(
  db: Db,
  tenant: Tenant,
  candidates: Statement,
  where: Statement,
  order: Statement,
  limit: number,
): Promise<UserRow[]> {
  // SQLite takes `cross join` as the order to loop in: candidates first, each looked up by its id.
  return db.all(sql<UserRow>`
    select ${columns} from (${candidates}) as candidates cross join users
    where users.id = candidates.user_id and environment_id = ${tenant.environmentId} and ${where}
    order by ${order} limit ${limit}`);
}
