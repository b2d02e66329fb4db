import { after, anyOf, type Db, days, type Services, type Statement, sql, type Tenant } from '../core/index.ts';
import { type CodePurpose, type OneTimeCodeRow, tryLimit } from './schema.ts';

/**
 * Puts this code in force, and an earlier one of the same sign-in out of it. Those of other sign-ins stay: anybody can ask
 * for a code to somebody's address.
 */
export async function addCode(tx: Db, tenant: Tenant, row: OneTimeCodeRow): Promise<void> {
  await tx.run(sql`
    insert into one_time_codes (id, environment_id, purpose, owner_id, email, code_mac, mac_key_id, sealed_code, attempt_id, tries,
      waived_at, expires_at, redeemed_at, created_at, updated_at)
    values (${row.id}, ${tenant.environmentId}, ${row.purpose}, ${row.ownerId}, ${row.email}, ${row.codeMac},
      ${row.macKeyId}, ${row.sealedCode}, ${row.attemptId}, ${row.tries}, ${row.waivedAt}, ${row.expiresAt}, ${row.redeemedAt},
      ${row.createdAt}, ${row.updatedAt})
    on conflict (environment_id, purpose, owner_id, attempt_id) do update set
      id = excluded.id, email = excluded.email, code_mac = excluded.code_mac, mac_key_id = excluded.mac_key_id,
      sealed_code = excluded.sealed_code, tries = excluded.tries, waived_at = excluded.waived_at,
      expires_at = excluded.expires_at, redeemed_at = excluded.redeemed_at, created_at = excluded.created_at,
      updated_at = excluded.updated_at`);
}

/** Whose code for what, in which sign-in: a code that one asked for is none in any other. */
export interface CodeKey {
  readonly purpose: CodePurpose;
  readonly ownerId: string;
  /** The sign-in it is presented in; null for one that has no page of ours. */
  readonly attemptId?: string | null;
}

/**
 * A sign-in that has to verify an address takes codes the app asked for as well: apps resend them that way, and it got so
 * far by proving something else. One that is still at its first step takes its own alone, or strangers could use up the
 * tries of the app's.
 */
const isKeyed = (tenant: Tenant, { purpose, ownerId, attemptId = null }: CodeKey): Statement => {
  const ofApp = attemptId === null || purpose === 'email_verification' ? sql`attempt_id is null or` : sql``;
  return sql`environment_id = ${tenant.environmentId} and purpose = ${purpose} and owner_id = ${ownerId}
    and (${ofApp} attempt_id = ${attemptId})`;
};

const isInForce = (at: Date): Statement => sql`redeemed_at is null and tries < ${tryLimit} and expires_at > ${at}`;

/**
 * Pays for one look at each code that the presented one is compared with. The counters move before anything is compared,
 * and the rows stay locked until the transaction ends, so guesses sent at the same time cannot share a try. Whoever
 * presents it in another sign-in than its own looks at nothing, and so uses up no try of the person it was mailed to.
 *
 * @returns the rows with this try counted; none when there is no code in force
 */
export function takeTries(tx: Db, tenant: Tenant, key: CodeKey, at: Date): Promise<OneTimeCodeRow[]> {
  // Locked in one order, or two guesses at the same codes could wait for each other.
  return tx.all(sql<OneTimeCodeRow>`
    update one_time_codes set tries = tries + 1, updated_at = ${at}
    where ${isInForce(at)} and id in (
      select id from one_time_codes where ${isKeyed(tenant, key)} and ${isInForce(at)} order by id ${forUpdate})
    returning *`);
}

/** In the transaction that took them, so nobody looked meanwhile. */
export async function giveTriesBack(tx: Db, tenant: Tenant, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.run(sql`
    update one_time_codes set tries = tries - 1
    where environment_id = ${tenant.environmentId} and id ${anyOf(ids)}`);
}

const forUpdate = sql.engine({ sqlite: '', postgresql: 'for update' });

/**
 * Takes the one try of a code in force that does not have to wait for what others guessed wrong.
 *
 * @returns whether there was one left; true for exactly one caller a code
 */
export async function takeWaiver(db: Db, tenant: Tenant, key: CodeKey, at: Date): Promise<boolean> {
  const taken = await db.run(sql`
    update one_time_codes set waived_at = ${at}
    where waived_at is null and ${isInForce(at)} and ${isKeyed(tenant, key)}`);
  return taken > 0;
}

/** True for exactly one caller. */
export async function spendCode(tx: Db, tenant: Tenant, id: string, at: Date): Promise<boolean> {
  const spent = await tx.run(sql`
    update one_time_codes set redeemed_at = ${at}, updated_at = ${at}
    where environment_id = ${tenant.environmentId} and id = ${id} and redeemed_at is null`);
  return spent > 0;
}

/** In force or not, the newest first. */
export function listCodes(db: Db, tenant: Tenant, key: CodeKey): Promise<OneTimeCodeRow[]> {
  return db.all(sql<OneTimeCodeRow>`
    select * from one_time_codes where ${isKeyed(tenant, key)} order by created_at desc, id desc`);
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
