import {
  type Database,
  type Db,
  json,
  type ListOrder,
  type Services,
  type Statement,
  sql,
  type Tenant,
} from '../core/index.ts';
import type { EventName } from '../protocol/index.ts';
import { placeEvents } from './positions.store.ts';

export interface NewEventRow {
  readonly id: string;
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly userId: string | null;
  readonly organizationId: string | null;
  readonly createdAt: Date;
}

export interface EventRow extends NewEventRow {
  /** Null until `placeEvents` has seen it. */
  readonly position: number | null;
}

/** Whose events; left out: everybody's. */
export interface EventsOf {
  readonly userId?: string | undefined;
  readonly organizationId?: string | undefined;
}

const columns = sql`id, name, data_json, user_id, organization_id, created_at, position`;

export async function insertEvent(db: Db, tenant: Tenant, event: NewEventRow): Promise<void> {
  await db.run(sql`
    insert into events (id, environment_id, name, data_json, actor_json, user_id, organization_id, created_at)
    values (${event.id}, ${tenant.environmentId}, ${event.name}, ${json(event.data)}, ${json(tenant.actor)},
      ${event.userId}, ${event.organizationId}, ${event.createdAt})`);
}

export function findEvent(db: Db, tenant: Tenant, id: string): Promise<EventRow | null> {
  return db.maybeOne(sql<EventRow>`
    select ${columns} from events
    where environment_id = ${tenant.environmentId} and id = ${id}`);
}

/** Oldest first is the order to follow them in; see `placeEvents`, which comes first. */
export const byPosition: ListOrder<EventRow> = {
  ascending: sql`position`,
  descending: sql`position desc`,
  columns: sql`position`,
  placeOf: ({ position }) => sql`${position}`,
};

export function selectEvents(
  db: Db,
  tenant: Tenant,
  { userId, organizationId }: EventsOf,
  where: Statement,
  order: Statement,
  limit: number,
): Promise<EventRow[]> {
  const ofUser = userId === undefined ? sql`1 = 1` : sql`user_id = ${userId}`;
  const ofOrganization = organizationId === undefined ? sql`1 = 1` : sql`organization_id = ${organizationId}`;
  return db.all(sql<EventRow>`
    select ${columns} from events
    where environment_id = ${tenant.environmentId} and position is not null
      and ${ofUser} and ${ofOrganization} and ${where}
    order by ${order} limit ${limit}`);
}

export async function newestEvents(db: Database, tenant: Tenant, whose: EventsOf, limit: number): Promise<EventRow[]> {
  await placeEvents({ db });
  return selectEvents(db, tenant, whose, sql`1 = 1`, byPosition.descending, limit);
}

/** How often any of these happened since then. */
export function countEvents(db: Db, tenant: Tenant, names: readonly EventName[], since: Date): Promise<number> {
  return countWhere(db, tenant, names, since, sql`1 = 1`);
}

/** The same, of what people did for themselves at the hosted pages. */
export function countEventsByPeople(db: Db, tenant: Tenant, names: readonly EventName[], since: Date): Promise<number> {
  // Quotes inside a JSON string are escaped, so nobody's name can look like this member.
  return countWhere(db, tenant, names, since, sql`actor_json like ${'%"type":"user"%'}`);
}

async function countWhere(
  db: Db,
  tenant: Tenant,
  names: readonly EventName[],
  since: Date,
  where: Statement,
): Promise<number> {
  const anyName = sql.join(
    names.map((name) => sql`${name}`),
    ', ',
  );
  const { count } = await db.one(sql<{ count: number }>`
    select count(*) as count from events
    where environment_id = ${tenant.environmentId} and name in (${anyName}) and created_at >= ${since} and ${where}`);
  return count;
}

/** Events older than `before`; the trail is kept for a year. */
export async function purgeEvents({ db }: Pick<Services, 'db'>, before: Date): Promise<void> {
  await db.run(sql`delete from events where created_at < ${before}`);
}
