import { after, type Db, days, type Services, sql, type Tenant } from '../core/index.ts';
import type { EmailVerificationRow } from './schema.ts';

/** Puts this code in force and every earlier one of the user out of it. */
export async function replaceVerification(tx: Db, tenant: Tenant, row: EmailVerificationRow): Promise<void> {
  await tx.run(sql`
    insert into email_verifications
      (id, environment_id, user_id, email, code_mac, mac_key_id, tries, expires_at, redeemed_at, created_at, updated_at)
    values (${row.id}, ${tenant.environmentId}, ${row.userId}, ${row.email}, ${row.codeMac}, ${row.macKeyId}, ${row.tries},
      ${row.expiresAt}, ${row.redeemedAt}, ${row.createdAt}, ${row.updatedAt})
    on conflict (environment_id, user_id) do update set
      id = excluded.id, email = excluded.email, code_mac = excluded.code_mac, mac_key_id = excluded.mac_key_id,
      tries = excluded.tries, expires_at = excluded.expires_at, redeemed_at = excluded.redeemed_at,
      created_at = excluded.created_at, updated_at = excluded.updated_at`);
}

/**
 * Pays for one look at the user's code. The counter moves before the code is compared, and the row stays locked until
 * the transaction ends, so guesses sent at the same time cannot share a try.
 *
 * @returns the row with this try counted; null when there is no code in force
 */
export function takeTry(
  tx: Db,
  tenant: Tenant,
  userId: string,
  at: Date,
  limit: number,
): Promise<EmailVerificationRow | null> {
  return tx.maybeOne(sql<EmailVerificationRow>`
    update email_verifications set tries = tries + 1, updated_at = ${at}
    where environment_id = ${tenant.environmentId} and user_id = ${userId}
      and redeemed_at is null and tries < ${limit} and expires_at > ${at}
    returning *`);
}

/** True for exactly one caller. */
export async function spendVerification(tx: Db, tenant: Tenant, id: string, at: Date): Promise<boolean> {
  const spent = await tx.run(sql`
    update email_verifications set redeemed_at = ${at}, updated_at = ${at}
    where environment_id = ${tenant.environmentId} and id = ${id} and redeemed_at is null`);
  return spent > 0;
}

export function findVerification(db: Db, tenant: Tenant, userId: string): Promise<EmailVerificationRow | null> {
  return db.maybeOne(sql<EmailVerificationRow>`
    select * from email_verifications where environment_id = ${tenant.environmentId} and user_id = ${userId}`);
}

export async function deleteVerification(tx: Db, tenant: Tenant, userId: string): Promise<void> {
  await tx.run(sql`
    delete from email_verifications where environment_id = ${tenant.environmentId} and user_id = ${userId}`);
}

/** Takes the user's code out of force unless it was mailed to this address. */
export async function deleteVerificationOfOtherAddress(
  tx: Db,
  tenant: Tenant,
  userId: string,
  email: string,
): Promise<void> {
  await tx.run(sql`
    delete from email_verifications
    where environment_id = ${tenant.environmentId} and user_id = ${userId} and email <> ${email}`);
}

/** Codes that are over for a day: nobody asks any more why they do not work. */
export async function purgeEmailVerifications({ db, now }: Pick<Services, 'db' | 'now'>): Promise<void> {
  await db.run(sql`delete from email_verifications where expires_at <= ${after(now(), -days(1))}`);
}
