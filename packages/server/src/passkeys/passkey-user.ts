import { EntityNotFound, newSecret, type Services, type Tenant } from '../core/index.ts';
import { lockUser } from '../users/index.ts';
import { ensurePasskeyUser, type PasskeyUserRow } from './user.store.ts';

/**
 * What we keep of a user here, made at the first need. The user is held meanwhile: nothing may be kept of one who is
 * being deleted.
 *
 * @throws {EntityNotFound} when the user is gone
 */
export function keepPasskeyUser({ db }: Pick<Services, 'db'>, tenant: Tenant, userId: string): Promise<PasskeyUserRow> {
  const drawn = newSecret();
  return db.transaction(async (tx) => {
    if (!(await lockUser(tx, tenant, userId))) throw new EntityNotFound('User', userId);
    return ensurePasskeyUser(tx, tenant, userId, drawn.reveal());
  });
}
