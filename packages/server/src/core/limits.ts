import { after } from './clock.ts';
import { TooManyRequests } from './errors.ts';
import type { Services } from './services.ts';
import { type Db, sql } from './sql/index.ts';
import type { Vault } from './vault.ts';

/** At most `max` in any window of `windowMs`. */
export interface Limit {
  readonly name: string;
  readonly max: number;
  readonly windowMs: number;
}

/**
 * Counts one more under `key` and refuses beyond the limit. One atomic write, in the database, so that all nodes count
 * together; the window begins with its first count.
 *
 * @param key - what is limited: an address, a user, a client IP. Stored as a keyed hash
 * @param factor - multiplies the limit; staging environments relax request limits with it
 * @throws {TooManyRequests} with the seconds until the window ends
 */
export async function countAgainst(
  { db, now, vault }: Pick<Services, 'db' | 'now' | 'vault'>,
  limit: Limit,
  key: string,
  factor = 1,
): Promise<void> {
  const at = now();
  const { count, endsAt } = await countOne(db, nameOfCounter(vault, limit, key), at, after(at, limit.windowMs));
  if (count > limit.max * factor) throw new TooManyRequests((endsAt.getTime() - at.getTime()) / 1000);
}

/** What is limited stays out of the database: an address is there as a keyed hash. */
export const nameOfCounter = (vault: Vault, limit: Limit, key: string): string =>
  `${limit.name}:${vault.mac('limits', `${limit.name}\n${key}`).toString('base64url')}`;

/** Adds to a counter of one window. @returns the sum of all nodes */
export async function addToCounter(db: Db, id: string, n: number, endsAt: Date): Promise<number> {
  const { count } = await db.one(sql<{ count: number }>`
    insert into counters (id, count, ends_at) values (${id}, ${n}, ${endsAt})
    on conflict (id) do update set count = counters.count + excluded.count
    returning count`);
  return count;
}

function countOne(db: Db, id: string, at: Date, endsAt: Date): Promise<{ count: number; endsAt: Date }> {
  return db.one(sql<{ count: number; endsAt: Date }>`
    insert into counters (id, count, ends_at) values (${id}, 1, ${endsAt})
    on conflict (id) do update set
      count = case when counters.ends_at <= ${at} then 1 else counters.count + 1 end,
      ends_at = case when counters.ends_at <= ${at} then excluded.ends_at else counters.ends_at end
    returning count, ends_at`);
}

/** Counters whose window is over say nothing any more. */
export async function purgeCounters({ db, now }: Pick<Services, 'db' | 'now'>): Promise<void> {
  await db.run(sql`delete from counters where ends_at <= ${now()}`);
}
