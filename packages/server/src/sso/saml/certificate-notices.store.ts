import { type Db, sql, type Tenant } from '../../core/index.ts';

export interface Notice {
  readonly connectionId: string;
  readonly certificateType: string;
  readonly fingerprint: string;
  /** How many days before the end. */
  readonly days: number;
  readonly createdAt: Date;
}

/** @returns false when it was told before, by whatever node, or already from nearer the end */
export async function insertNotice(tx: Db, tenant: Tenant, notice: Notice): Promise<boolean> {
  const { connectionId, certificateType, fingerprint, days, createdAt } = notice;
  const inserted = await tx.maybeOne(sql`
    insert into saml_certificate_notices
      (environment_id, connection_id, certificate_type, fingerprint, days, created_at)
    select ${tenant.environmentId}, ${connectionId}, ${certificateType}, ${fingerprint}, ${days}, ${createdAt}
    where not exists (
      select 1 from saml_certificate_notices
      where connection_id = ${connectionId} and certificate_type = ${certificateType}
        and fingerprint = ${fingerprint} and days <= ${days})
    on conflict (connection_id, certificate_type, fingerprint, days) do nothing
    returning days`);
  return inserted !== null;
}

export async function removeNoticesOf(tx: Db, tenant: Tenant, connectionId: string): Promise<void> {
  await tx.run(sql`
    delete from saml_certificate_notices
    where environment_id = ${tenant.environmentId} and connection_id = ${connectionId}`);
}
