import { type Db, type Hash, json, sql, type Tenant } from '../core/index.ts';

/** For whom a browser is sent to a provider. */
export type Purpose =
  /** A sign-in at our pages; the cookie of its browser proves who may go on with it. */
  | { readonly kind: 'attempt'; readonly attemptId: string }
  /** Somebody who sets the connection up and wants to see what comes back. */
  | { readonly kind: 'test' }
  /** A client of `/sso/authorize`, which tells by its own `state` whether the answer is one to its question. */
  | { readonly kind: 'client'; readonly clientId: string; readonly redirectUri: string; readonly state: string | null };

/** One trip of a browser to an identity provider and back. */
export interface TripRow {
  readonly stateHash: Hash;
  readonly environmentId: string;
  readonly connectionId: string;
  readonly purpose: Purpose;
  /** See `Checks`. */
  readonly sealedChecks: string;
  readonly redeemedAt: Date | null;
  readonly expiresAt: Date;
  readonly createdAt: Date;
}

export async function insertTrip(db: Db, trip: TripRow): Promise<void> {
  await db.run(sql`
    insert into sso_trips (state_hash, environment_id, connection_id, purpose_json, sealed_checks, expires_at, created_at)
    values (${trip.stateHash}, ${trip.environmentId}, ${trip.connectionId}, ${json(trip.purpose)}, ${trip.sealedChecks},
      ${trip.expiresAt}, ${trip.createdAt})`);
}

/** The trip, marked as over. Null when it was not to this connection, or somebody came back from it first. */
export function spendTrip(
  db: Db,
  tenant: Tenant,
  { stateHash, connectionId }: Pick<TripRow, 'stateHash' | 'connectionId'>,
  at: Date,
): Promise<TripRow | null> {
  return db.maybeOne(sql<TripRow>`
    update sso_trips set redeemed_at = ${at}
    where environment_id = ${tenant.environmentId} and state_hash = ${stateHash} and connection_id = ${connectionId}
      and redeemed_at is null
    returning *`);
}

/** What a provider answered, until the browser that brought it shows that the sign-in is its own. */
export interface AnswerRow {
  readonly ticketHash: Hash;
  readonly environmentId: string;
  readonly connectionId: string;
  /** Null when the sign-in began at the provider. */
  readonly attemptId: string | null;
  readonly sealedResult: string;
  readonly redeemedAt: Date | null;
  readonly expiresAt: Date;
  readonly createdAt: Date;
}

export async function insertAnswer(db: Db, answer: AnswerRow): Promise<void> {
  await db.run(sql`
    insert into sso_answers (ticket_hash, environment_id, connection_id, attempt_id, sealed_result, expires_at,
      created_at)
    values (${answer.ticketHash}, ${answer.environmentId}, ${answer.connectionId}, ${answer.attemptId},
      ${answer.sealedResult}, ${answer.expiresAt}, ${answer.createdAt})`);
}

/** An answer by its ticket. Which environment it belongs to follows from it; the ticket is the proof. */
export function findAnswer(db: Db, ticketHash: Hash): Promise<AnswerRow | null> {
  return db.maybeOne(sql<AnswerRow>`select * from sso_answers where ticket_hash = ${ticketHash}`);
}

/** @returns false when it was taken before */
export async function spendAnswer(db: Db, tenant: Tenant, ticketHash: Hash, at: Date): Promise<boolean> {
  const spent = await db.run(sql`
    update sso_answers set redeemed_at = ${at}
    where environment_id = ${tenant.environmentId} and ticket_hash = ${ticketHash} and redeemed_at is null`);
  return spent > 0;
}

/** Nobody comes back from a provider that is not connected any more. */
export async function deleteTripsTo(tx: Db, tenant: Tenant, connectionId: string): Promise<void> {
  await tx.run(sql`
    delete from sso_trips where environment_id = ${tenant.environmentId} and connection_id = ${connectionId}`);
  await tx.run(sql`
    delete from sso_answers where environment_id = ${tenant.environmentId} and connection_id = ${connectionId}`);
}

export async function purgeTrips(db: Db, before: Date): Promise<void> {
  await db.run(sql`delete from sso_trips where expires_at < ${before}`);
  await db.run(sql`delete from sso_answers where expires_at < ${before}`);
}
