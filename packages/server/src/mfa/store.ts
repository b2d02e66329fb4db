import { type Db, type Statement, sql, type Tenant } from '../core/index.ts';
import type { FactorRow, VerifiedFactor } from './schema.ts';

export async function insertFactor(tx: Db, tenant: Tenant, factor: FactorRow): Promise<void> {
  await tx.run(sql`
    insert into auth_factors (id, environment_id, user_id, type, issuer, account, sealed_seed, last_step, verified_at,
      created_at, updated_at)
    values (${factor.id}, ${tenant.environmentId}, ${factor.userId}, ${factor.type}, ${factor.issuer}, ${factor.account},
      ${factor.sealedSeed}, ${factor.lastStep}, ${factor.verifiedAt}, ${factor.createdAt}, ${factor.updatedAt})`);
}

export function findFactor(db: Db, tenant: Tenant, id: string): Promise<FactorRow | null> {
  return db.maybeOne(sql<FactorRow>`
    select * from auth_factors where id = ${id} and environment_id = ${tenant.environmentId}`);
}

/** What counts as this user's second factors, oldest first: apps whose codes were right once. */
export function listVerifiedFactors(db: Db, tenant: Tenant, userId: string): Promise<VerifiedFactor[]> {
  return db.all(sql<VerifiedFactor>`
    select * from auth_factors
    where environment_id = ${tenant.environmentId} and user_id = ${userId} and type = 'totp' and verified_at is not null
    order by created_at, id`);
}

/** The user's authenticator apps, those included that were begun and not proved yet. */
export function selectFactorsOfUser(
  db: Db,
  tenant: Tenant,
  userId: string,
  where: Statement,
  order: Statement,
  limit: number,
): Promise<FactorRow[]> {
  return db.all(sql<FactorRow>`
    select * from auth_factors
    where environment_id = ${tenant.environmentId} and user_id = ${userId} and type = 'totp' and ${where}
    order by ${order} limit ${limit}`);
}

/**
 * Spends a step of a factor, and with its first one proves the factor.
 *
 * @returns null when a code of that step, or of a later one, was accepted before: for exactly one caller it was not
 */
export function spendStep(tx: Db, tenant: Tenant, id: string, step: number, at: Date): Promise<VerifiedFactor | null> {
  return tx.maybeOne(sql<VerifiedFactor>`
    update auth_factors set last_step = ${step}, verified_at = coalesce(verified_at, ${at}),
      updated_at = case when verified_at is null then ${at} else updated_at end
    where id = ${id} and environment_id = ${tenant.environmentId} and last_step < ${step}
    returning *`);
}

/** A factor whose codes we make is proved by the first one that comes back. */
export function markVerified(tx: Db, tenant: Tenant, id: string, at: Date): Promise<FactorRow | null> {
  return tx.maybeOne(sql<FactorRow>`
    update auth_factors set verified_at = ${at}, updated_at = ${at}
    where id = ${id} and environment_id = ${tenant.environmentId} and verified_at is null
    returning *`);
}

export function deleteFactor(tx: Db, tenant: Tenant, id: string): Promise<FactorRow | null> {
  return tx.maybeOne(sql<FactorRow>`
    delete from auth_factors where id = ${id} and environment_id = ${tenant.environmentId} returning *`);
}

export function deleteFactorsOfUser(tx: Db, tenant: Tenant, userId: string): Promise<FactorRow[]> {
  return tx.all(sql<FactorRow>`
    delete from auth_factors where environment_id = ${tenant.environmentId} and user_id = ${userId} returning *`);
}

/** Enrolments that nobody finished. */
export async function purgeUnverifiedFactors(db: Db, before: Date): Promise<void> {
  await db.run(sql`delete from auth_factors where verified_at is null and created_at < ${before}`);
}
