import { type Db, type Services, sql, type Tenant } from '../core/index.ts';

/** @returns false when it was there: of any number of requests with one proof, one gets true */
export async function spendProof(tx: Db, tenant: Tenant, id: string, expiresAt: Date): Promise<boolean> {
  const inserted = await tx.run(sql`
    insert into spent_proofs (id, environment_id, expires_at) values (${id}, ${tenant.environmentId}, ${expiresAt})
    on conflict (id) do nothing`);
  return inserted > 0;
}

/** A proof that is too old to count need not be remembered as spent. */
export async function purgeProofs({ db, now }: Pick<Services, 'db' | 'now'>): Promise<void> {
  await db.run(sql`delete from spent_proofs where expires_at <= ${now()}`);
}
