import { type Db, sql, type Tenant } from '../../core/index.ts';

/** A key of ours at one connection. */
export interface SamlKeyRow {
  readonly environmentId: string;
  readonly connectionId: string;
  /** Counted from 1; a later one is newer. */
  readonly number: number;
  /** See `openKey`. */
  readonly sealedPrivateKey: string;
  /** In PEM. */
  readonly certificate: string;
  readonly createdAt: Date;
}

/** Oldest first. */
export function listSamlKeys(db: Db, tenant: Tenant, connectionId: string): Promise<SamlKeyRow[]> {
  return db.all(sql<SamlKeyRow>`
    select * from saml_keys where environment_id = ${tenant.environmentId} and connection_id = ${connectionId}
    order by number`);
}

/** @returns false when another request made one of that number first */
export async function insertSamlKey(db: Db, tenant: Tenant, row: SamlKeyRow): Promise<boolean> {
  const inserted = await db.run(sql`
    insert into saml_keys (environment_id, connection_id, number, sealed_private_key, certificate, created_at)
    values (${tenant.environmentId}, ${row.connectionId}, ${row.number}, ${row.sealedPrivateKey}, ${row.certificate},
      ${row.createdAt})
    on conflict (connection_id, number) do nothing`);
  return inserted > 0;
}

export async function removeSamlKey(tx: Db, tenant: Tenant, connectionId: string, number: number): Promise<void> {
  await tx.run(sql`
    delete from saml_keys
    where environment_id = ${tenant.environmentId} and connection_id = ${connectionId} and number = ${number}`);
}

export async function removeSamlKeysOf(tx: Db, tenant: Tenant, connectionId: string): Promise<void> {
  await tx.run(sql`
    delete from saml_keys where environment_id = ${tenant.environmentId} and connection_id = ${connectionId}`);
}
