import { type Database, type Db, type Services, sql } from '../core/index.ts';

/** So many get their position in one transaction. */
const batch = 1000;

/**
 * Gives every committed event that has no position yet the next ones, in all environments.
 *
 * Positions come after the commit, from one transaction at a time. So whoever reads up to a position has everything that
 * will ever stand before it: a transaction that began earlier and commits later gets a later position. Writers wait for
 * nobody.
 */
export async function placeEvents({ db }: Pick<Services, 'db'>): Promise<void> {
  if (!(await hasUnplaced(db))) return;
  // Those that come meanwhile are for the next reader: under load there are always some.
  while ((await db.transaction(placeBatch)) === batch);
}

const hasUnplaced = async (db: Database): Promise<boolean> =>
  (await db.maybeOne(sql`select id from events where position is null limit 1`)) !== null;

/** @returns how many */
async function placeBatch(tx: Db): Promise<number> {
  // The row is the lock, and a statement of its own: the next one sees what was committed while we waited for it.
  const { lastPosition } = await tx.one(sql<{ lastPosition: number }>`
    insert into event_positions (id, last_position) values (1, 0)
    on conflict (id) do update set last_position = event_positions.last_position
    returning last_position`);
  const placed = await tx.run(sql`
    update events set position = ${lastPosition} + unplaced.n
    from (
      select id, row_number() over (order by id) as n from events
      where position is null order by id limit ${batch}
    ) as unplaced
    where unplaced.id = events.id`);
  await tx.run(sql`update event_positions set last_position = ${lastPosition + placed} where id = 1`);
  return placed;
}
