import { type Db, type Hash, json, sql, type Tenant } from '../core/index.ts';
import type { SocialProvider } from '../protocol/index.ts';

/** What somebody chose for a provider in an environment. */
export interface ProviderRow {
  readonly environmentId: string;
  readonly provider: SocialProvider;
  readonly isEnabled: boolean;
  /** Whether the provider's tokens are handed to the app at the exchange of the code. */
  readonly hasTokensReturned: boolean;
  /** The place of the button; null: the usual one. */
  readonly position: number | null;
  readonly clientId: string | null;
  readonly sealedSecret: string | null;
  /** Apple's names for the key and its owner. */
  readonly keyId: string | null;
  readonly teamId: string | null;
  /** Besides the ones every sign-in asks for. */
  readonly scopes: readonly string[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export function listProviderRows(db: Db, tenant: Tenant): Promise<ProviderRow[]> {
  return db.all(sql<ProviderRow>`select * from social_providers where environment_id = ${tenant.environmentId}`);
}

export function findProviderRow(db: Db, tenant: Tenant, provider: SocialProvider): Promise<ProviderRow | null> {
  return db.maybeOne(sql<ProviderRow>`
    select * from social_providers where environment_id = ${tenant.environmentId} and provider = ${provider}`);
}

export async function saveProviderRow(tx: Db, tenant: Tenant, row: Omit<ProviderRow, 'environmentId'>): Promise<void> {
  await tx.run(sql`
    insert into social_providers (environment_id, provider, is_enabled, has_tokens_returned, position, client_id,
      sealed_secret, key_id, team_id, scopes_json, created_at, updated_at)
    values (${tenant.environmentId}, ${row.provider}, ${row.isEnabled}, ${row.hasTokensReturned}, ${row.position},
      ${row.clientId}, ${row.sealedSecret}, ${row.keyId}, ${row.teamId}, ${json(row.scopes)}, ${row.createdAt},
      ${row.updatedAt})
    on conflict (environment_id, provider) do update set is_enabled = excluded.is_enabled,
      has_tokens_returned = excluded.has_tokens_returned, position = excluded.position, client_id = excluded.client_id,
      sealed_secret = excluded.sealed_secret, key_id = excluded.key_id, team_id = excluded.team_id,
      scopes_json = excluded.scopes_json, updated_at = excluded.updated_at`);
}

export async function deleteProviderRow(tx: Db, tenant: Tenant, provider: SocialProvider): Promise<void> {
  await tx.run(sql`
    delete from social_providers where environment_id = ${tenant.environmentId} and provider = ${provider}`);
}

/** One journey of a browser to a provider and back. */
export interface TripRow {
  readonly stateHash: Hash;
  readonly environmentId: string;
  readonly attemptId: string;
  readonly provider: SocialProvider;
  /** As whom we sent the browser there: an answer to other credentials is no answer to this. */
  readonly clientId: string;
  readonly sealedChecks: string;
  readonly scopes: readonly string[];
  readonly redeemedAt: Date | null;
  readonly expiresAt: Date;
  readonly createdAt: Date;
}

export async function insertTrip(db: Db, trip: TripRow): Promise<void> {
  await db.run(sql`
    insert into social_trips (state_hash, environment_id, attempt_id, provider, client_id, sealed_checks, scopes_json,
      expires_at, created_at)
    values (${trip.stateHash}, ${trip.environmentId}, ${trip.attemptId}, ${trip.provider}, ${trip.clientId},
      ${trip.sealedChecks}, ${json(trip.scopes)}, ${trip.expiresAt}, ${trip.createdAt})`);
}

/** The trip, marked as over. Null when it is not of this attempt and provider, or somebody came back from it first. */
export function spendTrip(
  db: Db,
  tenant: Tenant,
  { stateHash, attemptId, provider }: Pick<TripRow, 'stateHash' | 'attemptId' | 'provider'>,
  at: Date,
): Promise<TripRow | null> {
  return db.maybeOne(sql<TripRow>`
    update social_trips set redeemed_at = ${at}
    where environment_id = ${tenant.environmentId} and state_hash = ${stateHash} and attempt_id = ${attemptId}
      and provider = ${provider} and redeemed_at is null
    returning *`);
}

export async function purgeTrips(db: Db, before: Date): Promise<void> {
  await db.run(sql`delete from social_trips where expires_at < ${before}`);
}
