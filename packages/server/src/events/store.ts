import { type Db, json, type Services, type Statement, sql, type Tenant } from '../core/index.ts';

export interface EventRow {
  readonly id: string;
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly userId: string | null;
  readonly createdAt: Date;
}

export async function insertEvent(db: Db, tenant: Tenant, event: EventRow): Promise<void> {
  await db.run(sql`
    insert into events (id, environment_id, name, data_json, actor_json, user_id, created_at)
    values (${event.id}, ${tenant.environmentId}, ${event.name}, ${json(event.data)}, ${json(tenant.actor)},
      ${event.userId}, ${event.createdAt})`);
}

export function findEvent(db: Db, tenant: Tenant, id: string): Promise<EventRow | null> {
  return db.maybeOne(sql<EventRow>`
    select id, name, data_json, user_id, created_at from events
    where environment_id = ${tenant.environmentId} and id = ${id}`);
}

export function selectEvents(
  db: Db,
  tenant: Tenant,
  userId: string | undefined,
  where: Statement,
  order: Statement,
  limit: number,
): Promise<EventRow[]> {
  const ofUser = userId === undefined ? sql`1 = 1` : sql`user_id = ${userId}`;
  return db.all(sql<EventRow>`
    select id, name, data_json, user_id, created_at from events
    where environment_id = ${tenant.environmentId} and ${ofUser} and ${where}
    order by ${order} limit ${limit}`);
}

/** How often each of these happened since then. */
export async function countEvents(
  db: Db,
  tenant: Tenant,
  names: readonly string[],
  since: Date,
): Promise<ReadonlyMap<string, number>> {
  const rows = await db.all(sql<{ name: string; count: number }>`
    select name, count(*) as count from events
    where environment_id = ${tenant.environmentId} and created_at >= ${since}
      and name in (${sql.join(
        names.map((name) => sql`${name}`),
        ', ',
      )})
    group by name`);
  return new Map(rows.map(({ name, count }) => [name, count]));
}

/** Events older than `before`; the trail is kept for a year. */
export async function purgeEvents({ db }: Pick<Services, 'db'>, before: Date): Promise<void> {
  await db.run(sql`delete from events where created_at < ${before}`);
}
