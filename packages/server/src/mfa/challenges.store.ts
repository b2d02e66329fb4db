import { type Db, sql, type Tenant } from '../core/index.ts';
import type { ChallengeRow } from './schema.ts';

export async function insertChallenge(tx: Db, tenant: Tenant, challenge: ChallengeRow): Promise<void> {
  await tx.run(sql`
    insert into auth_challenges (id, environment_id, factor_id, code_mac, mac_key_id, bound_to, tries, expires_at,
      redeemed_at, created_at, updated_at)
    values (${challenge.id}, ${tenant.environmentId}, ${challenge.factorId}, ${challenge.codeMac}, ${challenge.macKeyId},
      ${challenge.boundTo}, ${challenge.tries}, ${challenge.expiresAt}, ${challenge.redeemedAt}, ${challenge.createdAt},
      ${challenge.updatedAt})`);
}

export function findChallenge(db: Db, tenant: Tenant, id: string): Promise<ChallengeRow | null> {
  return db.maybeOne(sql<ChallengeRow>`
    select * from auth_challenges where id = ${id} and environment_id = ${tenant.environmentId}`);
}

/**
 * Pays for one look at a code. The counter moves before anything is compared, and the row stays locked until the
 * transaction ends, so guesses sent at the same time cannot share a try. The first answer binds it to its sign-in.
 *
 * @returns the challenge with this try counted; null when it takes no answer, or none from there
 */
export function takeTry(
  tx: Db,
  tenant: Tenant,
  id: string,
  boundTo: string | null,
  at: Date,
  limit: number,
): Promise<ChallengeRow | null> {
  const isItsOwn = boundTo === null ? sql`bound_to is null` : sql`(bound_to is null or bound_to = ${boundTo})`;
  return tx.maybeOne(sql<ChallengeRow>`
    update auth_challenges set tries = tries + 1, bound_to = ${boundTo}, updated_at = ${at}
    where id = ${id} and environment_id = ${tenant.environmentId} and redeemed_at is null and tries < ${limit}
      and expires_at > ${at} and ${isItsOwn}
    returning *`);
}

/** The challenge, marked as answered. Null when somebody answered it first. */
export function spendChallenge(tx: Db, tenant: Tenant, id: string, at: Date): Promise<ChallengeRow | null> {
  return tx.maybeOne(sql<ChallengeRow>`
    update auth_challenges set redeemed_at = ${at}, updated_at = ${at}
    where id = ${id} and environment_id = ${tenant.environmentId} and redeemed_at is null
    returning *`);
}

export async function deleteChallengesOfFactor(tx: Db, tenant: Tenant, factorId: string): Promise<void> {
  await tx.run(sql`
    delete from auth_challenges where environment_id = ${tenant.environmentId} and factor_id = ${factorId}`);
}

export async function deleteChallengesOfUser(tx: Db, tenant: Tenant, userId: string): Promise<void> {
  await tx.run(sql`
    delete from auth_challenges where environment_id = ${tenant.environmentId} and factor_id in (
      select id from auth_factors where environment_id = ${tenant.environmentId} and user_id = ${userId})`);
}

export async function purgeChallenges(db: Db, before: Date): Promise<void> {
  await db.run(sql`delete from auth_challenges where expires_at < ${before}`);
}
