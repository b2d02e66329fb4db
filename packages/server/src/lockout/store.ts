import { after, anyOf, type Db, sql, type Tenant } from '../core/index.ts';
import {
  delays,
  failuresUntilLocked,
  isLockable,
  type TryMethod,
  type TryRow,
  triesPerWindow,
  windowMs,
} from './schema.ts';

const newFailures = sql`sign_in_tries.failures + 1`;
/**
 * When the next try may be made; long ago where none has to wait. Not "now": of two requests at the same time the one that
 * read the clock first may be written last, and would be refused for coming a millisecond too early.
 */
const nextTryAfter = (at: Date) => {
  const waits = delays.map(({ from, ms }) => sql`when ${newFailures} >= ${from} then cast(${after(at, ms)} as bigint)`);
  return sql`case ${sql.join(waits, ' ')} else cast(0 as bigint) end`;
};

/**
 * Counts one try as a failure, before its secret is looked at: one atomic write, so of any number of guesses sent at
 * the same time no more are looked at than the limits allow.
 *
 * @returns the row with this try counted; null when it may not be made now
 */
export function takeTry(
  db: Db,
  tenant: Tenant,
  ownerId: string,
  method: TryMethod,
  at: Date,
  { mustWait }: { readonly mustWait: boolean } = { mustWait: true },
): Promise<TryRow | null> {
  const waited = sql`sign_in_tries.next_try_at <= ${at}
    and (sign_in_tries.window_ends_at <= ${at} or sign_in_tries.window_tries < ${triesPerWindow})`;
  const lockFrom = isLockable(method) ? failuresUntilLocked : Number.MAX_SAFE_INTEGER;
  return db.maybeOne(sql<TryRow>`
    insert into sign_in_tries (environment_id, owner_id, method, failures, window_tries, window_ends_at, next_try_at,
      locked_at, updated_at)
    values (${tenant.environmentId}, ${ownerId}, ${method}, 1, 1, ${after(at, windowMs)}, 0, null, ${at})
    on conflict (environment_id, owner_id, method) do update set
      failures = ${newFailures},
      window_tries = case when sign_in_tries.window_ends_at <= ${at} then 1 else sign_in_tries.window_tries + 1 end,
      window_ends_at =
        case when sign_in_tries.window_ends_at <= ${at} then excluded.window_ends_at else sign_in_tries.window_ends_at end,
      next_try_at = ${nextTryAfter(at)},
      locked_at = case when ${newFailures} >= ${lockFrom} then cast(${at} as bigint) else null end,
      updated_at = ${at}
    where sign_in_tries.locked_at is null ${mustWait ? sql`and ${waited}` : sql``}
    returning *`);
}

export function findTries(db: Db, tenant: Tenant, ownerId: string, method: TryMethod): Promise<TryRow | null> {
  return db.maybeOne(sql<TryRow>`
    select * from sign_in_tries
    where environment_id = ${tenant.environmentId} and owner_id = ${ownerId} and method = ${method}`);
}

export function listTries(db: Db, tenant: Tenant, ownerId: string): Promise<TryRow[]> {
  return db.all(sql<TryRow>`
    select * from sign_in_tries where environment_id = ${tenant.environmentId} and owner_id = ${ownerId}
    order by method`);
}

/** @returns what was forgotten */
export function deleteTries(tx: Db, tenant: Tenant, ownerId: string, methods: readonly TryMethod[]): Promise<TryRow[]> {
  return tx.all(sql<TryRow>`
    delete from sign_in_tries
    where environment_id = ${tenant.environmentId} and owner_id = ${ownerId} and method ${anyOf(methods)}
    returning *`);
}

/** Failures of so long ago are in a row with nothing any more; a lock has no end of its own. */
export async function deleteOldTries(db: Db, before: Date): Promise<void> {
  await db.run(sql`delete from sign_in_tries where updated_at < ${before} and locked_at is null`);
}
