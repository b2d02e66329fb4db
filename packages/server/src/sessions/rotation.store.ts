import { batched, type Db, rowsOf, sql } from '../core/index.ts';
import { findSessionIn, type SessionKey, type SessionRow } from './store.ts';

const keyColumns = [
  { name: 'environment_id', type: 'text' },
  { name: 'id', type: 'text' },
] as const;

/** The session of a refresh; reads of one turn of the event loop share a round trip. */
export const readSession = batched<SessionKey, SessionRow | null>(async (db, wanted) => {
  const [first] = wanted;
  if (first && wanted.length === 1) return [await findSessionIn(db, first)];
  const rows = await db.all(sql<SessionRow>`
    select s.* from ${rowsOf(
      'wanted',
      keyColumns,
      distinct(wanted).map(({ environmentId, id }) => [environmentId, id]),
    )}
    join sessions s on s.id = wanted.id and s.environment_id = wanted.environment_id`);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return wanted.map(({ environmentId, id }) => {
    const row = byId.get(id);
    return row?.environmentId === environmentId ? row : null;
  });
});

/** From one refresh token to the next. */
interface Rotation extends SessionKey {
  readonly clientId: string;
  /** Of the token that was presented. */
  readonly generation: number;
  readonly jti: string;
  readonly at: Date;
  /** The organization the session moves to; null when it stays where it is. */
  readonly organizationId: string | null;
  /** The caller has looked at the session, and policy lets it go on. Others move only sessions no policy asks about. */
  readonly isChecked: boolean;
  /** When inactivity ends it; never later than the session itself ends. */
  readonly idleExpiresAt: Date;
  /** Whatever it was made under, by the settings of today it must have begun after that, */
  readonly begunAfter: Date;
  /** and must have been used after that. */
  readonly usedAfter: Date;
}

const rotationColumns = [
  ...keyColumns,
  { name: 'client_id', type: 'text' },
  { name: 'generation', type: 'bigint' },
  { name: 'jti', type: 'text' },
  { name: 'at', type: 'bigint' },
  { name: 'idle', type: 'bigint' },
  { name: 'begun_after', type: 'bigint' },
  { name: 'used_after', type: 'bigint' },
  { name: 'organization_id', type: 'text' },
  { name: 'is_checked', type: 'bigint' },
] as const;

/** A time in milliseconds and a space, from 2001 to 2286. */
const timeLength = 14;
/** For so many used tokens it is known when each was: more than the tabs of a browser come to within a replay window. */
export const rememberedRefreshes = 8;
const keptLength = rememberedRefreshes * timeLength;

/**
 * Moves a live session of that client to its next refresh token, if nobody did before: one update that only matches the
 * generation the caller presents. Of any number of callers with one token, on any number of nodes, exactly one gets the
 * session as it then stands; the others get null, as do those whose session is unknown or over.
 */
export const rotateSession = batched<Rotation, SessionRow | null>(async (db, rotations) => {
  const attempts = distinct(rotations);
  const moved = new Map((await move(db, attempts)).map((row) => [row.id, row]));
  return rotations.map((rotation) => {
    const row = attempts.includes(rotation) ? moved.get(rotation.id) : undefined;
    return row?.refreshGeneration === rotation.generation + 1 ? row : null;
  });
});

function move(db: Db, rotations: readonly Rotation[]): Promise<SessionRow[]> {
  const [first] = rotations;
  if (first && rotations.length === 1) return moveOne(db, first);
  const rows = rotations.map((each) => [
    each.environmentId,
    each.id,
    each.clientId,
    each.generation,
    each.jti,
    each.at,
    each.idleExpiresAt,
    each.begunAfter,
    each.usedAfter,
    each.organizationId,
    each.isChecked,
  ]);
  return db.all(sql<SessionRow>`
    update sessions set refresh_generation = sessions.refresh_generation + 1,
      recent_refreshes = substr(cast(r.at as text) || ' ' || coalesce(sessions.recent_refreshes, ''), 1, ${keptLength}),
      refreshed_at = r.at, last_jti = r.jti,
      idle_expires_at = case when r.idle < sessions.expires_at then r.idle else sessions.expires_at end,
      organization_id = coalesce(r.organization_id, sessions.organization_id), updated_at = r.at
    from ${rowsOf('r', rotationColumns, rows)}
    where sessions.id = r.id and sessions.environment_id = r.environment_id and sessions.client_id = r.client_id
      and sessions.refresh_generation = r.generation and sessions.ended_at is null
      and sessions.idle_expires_at > r.at and sessions.expires_at > r.at
      and sessions.created_at > r.begun_after and coalesce(sessions.refreshed_at, sessions.created_at) > r.used_after
      and (r.is_checked = 1 or sessions.organization_id is null)
    returning sessions.*`);
}

/** The same for one, which is what SQLite always has and PostgreSQL when few are about: it plans and runs faster. */
function moveOne(
  db: Db,
  {
    environmentId,
    id,
    clientId,
    generation,
    jti,
    at,
    idleExpiresAt,
    begunAfter,
    usedAfter,
    organizationId,
    isChecked,
  }: Rotation,
): Promise<SessionRow[]> {
  return db.all(sql<SessionRow>`
    update sessions set refresh_generation = refresh_generation + 1,
      recent_refreshes = substr(cast(cast(${at} as bigint) as text) || ' ' || coalesce(recent_refreshes, ''), 1, ${keptLength}),
      refreshed_at = ${at}, last_jti = ${jti},
      idle_expires_at = case when ${idleExpiresAt} < expires_at then ${idleExpiresAt} else expires_at end,
      organization_id = coalesce(${organizationId}, organization_id), updated_at = ${at}
    where id = ${id} and environment_id = ${environmentId} and client_id = ${clientId}
      and refresh_generation = ${generation} and ended_at is null
      and idle_expires_at > ${at} and expires_at > ${at}
      and created_at > ${begunAfter} and coalesce(refreshed_at, created_at) > ${usedAfter}
      and (${isChecked} = 1 or organization_id is null)
    returning *`);
}

/** The same within a transaction. */
export async function rotateOne(tx: Db, rotation: Rotation): Promise<SessionRow | null> {
  return (await moveOne(tx, rotation))[0] ?? null;
}

/** Moves a session to another organization without a new refresh token: a replay that asks for it gets the same pair. */
export function moveToOrganization(
  db: Db,
  { environmentId, id }: SessionKey,
  generation: number,
  organizationId: string,
  at: Date,
): Promise<SessionRow | null> {
  return db.maybeOne(sql<SessionRow>`
    update sessions set organization_id = ${organizationId}, updated_at = ${at}
    where id = ${id} and environment_id = ${environmentId} and refresh_generation = ${generation} and ended_at is null
    returning *`);
}

/** One entry per session and generation, the first: a later one of the same batch has lost the race already. */
function distinct<T extends SessionKey & { readonly generation?: number }>(entries: readonly T[]): readonly T[] {
  const keyed = entries.toReversed().map((entry) => [`${entry.id} ${entry.generation}`, entry] as const);
  return [...new Map(keyed).values()].reverse();
}
