import {
  type Db,
  EntityNotFound,
  type Page,
  type PageQuery,
  pageOf,
  type Services,
  type Tenant,
} from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import { queueMail } from '../mail/index.ts';
import { findUser, type UserRow } from '../users/index.ts';
import { assertFreshProof } from './fresh-proof.ts';
import { type PasskeyRow, toWire } from './schema.ts';
import { deletePasskey, findPasskey, selectPasskeysOfUser, setName } from './store.ts';

/** A page of a user's passkeys. */
export function listPasskeys(db: Db, tenant: Tenant, userId: string, query: PageQuery): Promise<Page<PasskeyRow>> {
  return pageOf(
    query,
    async (id) => {
      const passkey = await findPasskey(db, tenant, id);
      return passkey?.userId === userId ? passkey : null;
    },
    (where, order, limit) => selectPasskeysOfUser(db, tenant, userId, where, order, limit),
  );
}

/**
 * @param name - as `passkeyName` reads it
 * @throws {EntityNotFound} when it is not this user's
 */
export async function renamePasskey(
  services: Services,
  tenant: Tenant,
  tx: Db,
  userId: string,
  id: string,
  name: string,
): Promise<PasskeyRow> {
  const passkey = await setName(tx, tenant, userId, id, name, services.now());
  if (!passkey) throw new EntityNotFound('Passkey', id);
  await recordEvent(services, tx, tenant, { name: 'passkey.updated', data: toWire(passkey), userId });
  return passkey;
}

/**
 * A person removes a passkey of their own.
 *
 * @param authenticatedAt - when they last proved who they are
 * @throws {ReauthenticationRequired} when that was too long ago
 * @throws {EntityNotFound} when it is not theirs
 */
export async function removeOwnPasskey(
  services: Services,
  tenant: Tenant,
  tx: Db,
  { userId, authenticatedAt }: { readonly userId: string; readonly authenticatedAt: Date },
  id: string,
): Promise<void> {
  assertFreshProof(services, authenticatedAt);
  await remove(services, tenant, tx, userId, id);
}

/** An operator removes anybody's. @throws {EntityNotFound} also when it belongs to another environment */
export const removePasskey = (services: Services, tenant: Tenant, id: string): Promise<void> =>
  services.db.transaction((tx) => remove(services, tenant, tx, null, id));

async function remove(services: Services, tenant: Tenant, tx: Db, userId: string | null, id: string): Promise<void> {
  const passkey = await deletePasskey(tx, tenant, userId, id);
  if (!passkey) throw new EntityNotFound('Passkey', id);
  const data = toWire(passkey);
  await recordEvent(services, tx, tenant, { name: 'passkey.deleted', data, userId: passkey.userId });
  const user = await findUser(tx, tenant, passkey.userId);
  if (user) await tellOfPasskey(services, tx, tenant, user, 'removed');
}

/** Whoever it was: a way into somebody's account that they do not know of is told to them. */
export const tellOfPasskey = (
  services: Services,
  tx: Db,
  tenant: Tenant,
  { email, locale }: Pick<UserRow, 'email' | 'locale'>,
  change: 'added' | 'removed',
): Promise<void> =>
  queueMail(services, tx, tenant, { to: email, locale, template: 'passkey_changed', data: { change } });
