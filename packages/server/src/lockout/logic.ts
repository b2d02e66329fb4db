import { after, type Db, days, type Services, type Tenant, TooManyRequests } from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import { getUser } from '../users/index.ts';
import { clearedBy, type TryMethod, type TryRow, triesPerWindow, tryMethods } from './schema.ts';
import { deleteOldTries, deleteTries, findTries, listTries, takeTry } from './store.ts';

/** A user, or an address that has none: both are counted, and nobody learns which it was. */
export type Owner = { readonly id: string } | { readonly email: string };

/** Whose tries are counted, as the tables name them. @returns the user's id, or `address_` and a keyed hash */
export function ownerIdOf({ vault }: Pick<Services, 'vault'>, tenant: Tenant, owner: Owner): string {
  if ('id' in owner) return owner.id;
  const address = `${tenant.environmentId}\n${owner.email.toLowerCase()}`;
  return `address_${vault.mac('lockout', address).toString('base64url')}`;
}

/** The method was tried too often. */
export class TriedTooOften extends TooManyRequests {
  /** Waiting does not help: another method does. */
  readonly isLocked: boolean;

  constructor(retryAfterSeconds: number, isLocked: boolean) {
    super(
      retryAfterSeconds,
      isLocked
        ? 'This was tried too often. Sign in another way, or reset the password.'
        : 'Too many tries. Wait a moment and try again.',
    );
    this.isLocked = isLocked;
  }
}

/** What a locked method answers as `Retry-After`: nobody knows when another method will succeed. */
const lockedRetrySeconds = 3600;

/**
 * Counts one try at a secret, and refuses when there were too many: ten in a minute, a growing delay from the twentieth
 * failure in a row on, none after the hundredth. Call it before the secret is looked at and outside of any transaction,
 * because a rolled back try was free; `noteSuccess` takes it back.
 *
 * Every path to the same method shares the count, and staging relaxes nothing of it.
 *
 * @throws {TriedTooOften}
 */
export async function assertMayTry(services: Services, tenant: Tenant, owner: Owner, method: TryMethod): Promise<void> {
  const ownerId = ownerIdOf(services, tenant, owner);
  const at = services.now();
  const taken = await services.db.transaction(async (tx) => {
    const row = await takeTry(tx, tenant, ownerId, method, at);
    if (row?.lockedAt && 'id' in owner) await recordLock(services, tx, tenant, 'user.locked', ownerId, method);
    return row;
  });
  if (taken) return;
  throw refusalOf(await findTries(services.db, tenant, ownerId, method), at);
}

/** Counts a try that is let through whatever was tried before, because its caller bounds how many there are. */
export async function countTry(services: Services, tenant: Tenant, owner: Owner, method: TryMethod): Promise<void> {
  const ownerId = ownerIdOf(services, tenant, owner);
  await takeTry(services.db, tenant, ownerId, method, services.now(), { mustWait: false });
}

function refusalOf(row: TryRow | null, at: Date): TriedTooOften {
  if (row?.lockedAt) return new TriedTooOften(lockedRetrySeconds, true);
  const waits = row ? [row.nextTryAt, ...(row.windowTries >= triesPerWindow ? [row.windowEndsAt] : [])] : [];
  const until = Math.max(at.getTime(), ...waits.map((time) => time.getTime()));
  return new TriedTooOften((until - at.getTime()) / 1000, false);
}

/** The secret was right: its failures are forgotten, and with them the lock of what it is a recovery for. */
export async function noteSuccess(
  services: Services,
  tx: Db,
  tenant: Tenant,
  userId: string,
  method: TryMethod,
): Promise<void> {
  await forget(services, tx, tenant, userId, clearedBy[method]);
}

/** The inbox was proved by a link, which nobody guesses; it opens what a mailed code opens. */
export const noteInboxProved = (services: Services, tx: Db, tenant: Tenant, userId: string): Promise<void> =>
  noteSuccess(services, tx, tenant, userId, 'email_code');

async function forget(
  services: Services,
  tx: Db,
  tenant: Tenant,
  userId: string,
  methods: readonly TryMethod[],
): Promise<void> {
  const forgotten = await deleteTries(tx, tenant, userId, methods);
  for (const { lockedAt, method } of forgotten)
    if (lockedAt) await recordLock(services, tx, tenant, 'user.unlocked', userId, method);
}

function recordLock(
  services: Services,
  tx: Db,
  tenant: Tenant,
  name: 'user.locked' | 'user.unlocked',
  userId: string,
  method: TryMethod,
): Promise<void> {
  return recordEvent(services, tx, tenant, { name, data: { id: userId, method }, userId });
}

/** What an operator sees of a user's failures. @throws {EntityNotFound} */
export async function getLockout({ db }: Services, tenant: Tenant, userId: string): Promise<readonly TryRow[]> {
  await getUser(db, tenant, userId);
  return listTries(db, tenant, userId);
}

/** An operator opens every method of a user again. @throws {EntityNotFound} */
export async function unlock(services: Services, tenant: Tenant, userId: string): Promise<void> {
  await getUser(services.db, tenant, userId);
  await services.db.transaction((tx) => forget(services, tx, tenant, userId, tryMethods));
}

const keptForMs = days(30);

export const purgeTries = ({ db, now }: Pick<Services, 'db' | 'now'>): Promise<void> =>
  deleteOldTries(db, after(now(), -keptForMs));
