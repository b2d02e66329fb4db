import { type Db, sql, type Tenant } from '../core/index.ts';

export interface RecoveryCodeRow {
  readonly environmentId: string;
  readonly userId: string;
  readonly codeMac: string;
  readonly macKeyId: string;
  readonly redeemedAt: Date | null;
  readonly createdAt: Date;
}

export async function insertRecoveryCode(tx: Db, tenant: Tenant, row: RecoveryCodeRow): Promise<void> {
  await tx.run(sql`
    insert into recovery_codes (environment_id, user_id, code_mac, mac_key_id, redeemed_at, created_at)
    values (${tenant.environmentId}, ${row.userId}, ${row.codeMac}, ${row.macKeyId}, ${row.redeemedAt}, ${row.createdAt})`);
}

/** Those that still work. */
export function listRecoveryCodes(db: Db, tenant: Tenant, userId: string): Promise<RecoveryCodeRow[]> {
  return db.all(sql<RecoveryCodeRow>`
    select * from recovery_codes
    where environment_id = ${tenant.environmentId} and user_id = ${userId} and redeemed_at is null`);
}

/** True for exactly one caller. */
export async function spendRecoveryCode(tx: Db, tenant: Tenant, row: RecoveryCodeRow, at: Date): Promise<boolean> {
  const spent = await tx.run(sql`
    update recovery_codes set redeemed_at = ${at}
    where environment_id = ${tenant.environmentId} and user_id = ${row.userId} and code_mac = ${row.codeMac}
      and redeemed_at is null`);
  return spent > 0;
}

export async function deleteRecoveryCodes(tx: Db, tenant: Tenant, userId: string): Promise<void> {
  await tx.run(sql`
    delete from recovery_codes where environment_id = ${tenant.environmentId} and user_id = ${userId}`);
}
