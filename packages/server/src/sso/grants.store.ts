import { type Db, type Hash, sql, type Tenant } from '../core/index.ts';

/** What a client of the standalone API holds. `code` and `logout` work once. */
export interface GrantRow {
  readonly tokenHash: Hash;
  readonly kind: 'code' | 'access' | 'logout';
  readonly environmentId: string;
  readonly clientId: string;
  readonly profileId: string;
  readonly redeemedAt: Date | null;
  readonly expiresAt: Date;
  readonly createdAt: Date;
}

export async function insertGrant(db: Db, grant: GrantRow): Promise<void> {
  await db.run(sql`
    insert into sso_grants (token_hash, kind, environment_id, client_id, profile_id, expires_at, created_at)
    values (${grant.tokenHash}, ${grant.kind}, ${grant.environmentId}, ${grant.clientId}, ${grant.profileId},
      ${grant.expiresAt}, ${grant.createdAt})`);
}

/** The code, marked as spent. Null when it does not exist here or somebody spent it first. */
export function spendGrant(
  db: Db,
  tenant: Tenant,
  { tokenHash, kind }: Pick<GrantRow, 'tokenHash' | 'kind'>,
  at: Date,
): Promise<GrantRow | null> {
  return db.maybeOne(sql<GrantRow>`
    update sso_grants set redeemed_at = ${at}
    where environment_id = ${tenant.environmentId} and token_hash = ${tokenHash} and kind = ${kind}
      and redeemed_at is null
    returning *`);
}

/** A token by itself: it is its own proof, and names the environment it is of. */
export function findGrant(db: Db, { tokenHash, kind }: Pick<GrantRow, 'tokenHash' | 'kind'>): Promise<GrantRow | null> {
  return db.maybeOne(sql<GrantRow>`select * from sso_grants where token_hash = ${tokenHash} and kind = ${kind}`);
}

export async function purgeGrants(db: Db, before: Date): Promise<void> {
  await db.run(sql`delete from sso_grants where expires_at < ${before}`);
}
