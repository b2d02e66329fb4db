import { type Db, sql, type Tenant } from '../core/index.ts';

export interface PasskeyUserRow {
  readonly environmentId: string;
  readonly userId: string;
  /** By which authenticators know the user: 256 random bits, base62. */
  readonly userHandle: string;
  readonly isOfferDeclined: boolean;
  readonly offerAgainAt: Date | null;
}

export function findPasskeyUser(db: Db, tenant: Tenant, userId: string): Promise<PasskeyUserRow | null> {
  return db.maybeOne(sql<PasskeyUserRow>`
    select * from passkey_users where environment_id = ${tenant.environmentId} and user_id = ${userId}`);
}

/** The user's row, made with this handle if there was none: of two requests at once both get the same. */
export function ensurePasskeyUser(tx: Db, tenant: Tenant, userId: string, userHandle: string): Promise<PasskeyUserRow> {
  return tx.one(sql<PasskeyUserRow>`
    insert into passkey_users (environment_id, user_id, user_handle, is_offer_declined, offer_again_at)
    values (${tenant.environmentId}, ${userId}, ${userHandle}, 0, null)
    on conflict (environment_id, user_id) do update set user_handle = passkey_users.user_handle
    returning *`);
}

export async function setOfferAgain(tx: Db, tenant: Tenant, userId: string, at: Date): Promise<void> {
  await tx.run(sql`
    update passkey_users set offer_again_at = ${at}
    where environment_id = ${tenant.environmentId} and user_id = ${userId}`);
}

export async function setOfferDeclined(tx: Db, tenant: Tenant, userId: string): Promise<void> {
  await tx.run(sql`
    update passkey_users set is_offer_declined = 1
    where environment_id = ${tenant.environmentId} and user_id = ${userId}`);
}

export async function deletePasskeyUser(tx: Db, tenant: Tenant, userId: string): Promise<void> {
  await tx.run(sql`
    delete from passkey_users where environment_id = ${tenant.environmentId} and user_id = ${userId}`);
}
