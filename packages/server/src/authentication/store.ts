import { after, anyOf, type Db, days, type Services, type Statement, sql, type Tenant } from '../core/index.ts';
import type { CodePurpose, OneTimeCodeRow } from './schema.ts';

/** Puts this code in force and every earlier one of its owner and purpose out of it. */
export async function replaceCode(tx: Db, tenant: Tenant, row: OneTimeCodeRow): Promise<void> {
  await tx.run(sql`
    insert into one_time_codes (id, environment_id, purpose, owner_id, email, code_mac, mac_key_id, sealed_code, attempt_id, tries,
      expires_at, redeemed_at, created_at, updated_at)
    values (${row.id}, ${tenant.environmentId}, ${row.purpose}, ${row.ownerId}, ${row.email}, ${row.codeMac},
      ${row.macKeyId}, ${row.sealedCode}, ${row.attemptId}, ${row.tries}, ${row.expiresAt}, ${row.redeemedAt}, ${row.createdAt},
      ${row.updatedAt})
    on conflict (environment_id, purpose, owner_id) do update set
      id = excluded.id, email = excluded.email, code_mac = excluded.code_mac, mac_key_id = excluded.mac_key_id,
      sealed_code = excluded.sealed_code, attempt_id = excluded.attempt_id, tries = excluded.tries, expires_at = excluded.expires_at,
      redeemed_at = excluded.redeemed_at, created_at = excluded.created_at, updated_at = excluded.updated_at`);
}

/** Whose code for what, in which sign-in: a code that one asked for is none in any other. */
export interface CodeKey {
  readonly purpose: CodePurpose;
  readonly ownerId: string;
  /** The sign-in it is presented in; null for one that has no page of ours. */
  readonly attemptId?: string | null;
}

const isKeyed = (tenant: Tenant, { purpose, ownerId, attemptId = null }: CodeKey): Statement =>
  sql`environment_id = ${tenant.environmentId} and purpose = ${purpose} and owner_id = ${ownerId}
    and (attempt_id is null or attempt_id = ${attemptId})`;

/**
 * Pays for one look at a code. The counter moves before the code is compared, and the row stays locked until the
 * transaction ends, so guesses sent at the same time cannot share a try. Whoever presents it in another sign-in than its
 * own looks at nothing, and so uses up no try of the person it was mailed to.
 *
 * @returns the row with this try counted; null when there is no code in force
 */
export function takeTry(tx: Db, tenant: Tenant, key: CodeKey, at: Date, limit: number): Promise<OneTimeCodeRow | null> {
  return tx.maybeOne(sql<OneTimeCodeRow>`
    update one_time_codes set tries = tries + 1, updated_at = ${at}
    where ${isKeyed(tenant, key)} and redeemed_at is null and tries < ${limit} and expires_at > ${at}
    returning *`);
}

/** True for exactly one caller. */
export async function spendCode(tx: Db, tenant: Tenant, id: string, at: Date): Promise<boolean> {
  const spent = await tx.run(sql`
    update one_time_codes set redeemed_at = ${at}, updated_at = ${at}
    where environment_id = ${tenant.environmentId} and id = ${id} and redeemed_at is null`);
  return spent > 0;
}

export function findCode(db: Db, tenant: Tenant, key: CodeKey): Promise<OneTimeCodeRow | null> {
  return db.maybeOne(sql<OneTimeCodeRow>`select * from one_time_codes where ${isKeyed(tenant, key)}`);
}

/** A code that somebody was sent. */
export type SentCodeRow<Purpose extends CodePurpose> = OneTimeCodeRow & {
  readonly purpose: Purpose;
  readonly sealedCode: string;
};

/** By its public id. */
export function findSentCode<Purpose extends CodePurpose>(
  db: Db,
  tenant: Tenant,
  purpose: Purpose,
  id: string,
): Promise<SentCodeRow<Purpose> | null> {
  return db.maybeOne(sql<SentCodeRow<Purpose>>`
    select * from one_time_codes
    where id = ${id} and environment_id = ${tenant.environmentId} and purpose = ${purpose} and sealed_code is not null`);
}

export async function deleteCodes(
  tx: Db,
  tenant: Tenant,
  ownerId: string,
  purposes: readonly CodePurpose[],
): Promise<void> {
  await tx.run(sql`
    delete from one_time_codes
    where environment_id = ${tenant.environmentId} and owner_id = ${ownerId} and purpose ${anyOf(purposes)}`);
}

/** Takes the user's codes out of force that were mailed to another address than this. */
export async function deleteCodesOfOtherAddress(
  tx: Db,
  tenant: Tenant,
  ownerId: string,
  email: string,
  purposes: readonly CodePurpose[],
): Promise<void> {
  await tx.run(sql`
    delete from one_time_codes
    where environment_id = ${tenant.environmentId} and owner_id = ${ownerId} and email <> ${email}
      and purpose ${anyOf(purposes)}`);
}

/** A change of address that nobody confirmed is off; one that was stays, to tell that its code was used. */
export async function deletePendingChange(tx: Db, tenant: Tenant, ownerId: string): Promise<void> {
  await tx.run(sql`
    delete from one_time_codes
    where environment_id = ${tenant.environmentId} and owner_id = ${ownerId} and purpose = 'email_change'
      and redeemed_at is null`);
}

/** Codes that are over for a day: nobody asks any more why they do not work. */
export async function purgeOneTimeCodes({ db, now }: Pick<Services, 'db' | 'now'>): Promise<void> {
  await db.run(sql`delete from one_time_codes where expires_at <= ${after(now(), -days(1))}`);
}
