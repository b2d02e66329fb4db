import { type Db, sql, type Tenant } from '../core/index.ts';
import type { ProviderRow } from './provider.schema.ts';

const columns = sql`preset, host, port, security, username, sealed_password, from_address, from_name, reply_to, is_enabled,
  created_at, updated_at`;

export function findProvider(db: Db, tenant: Tenant): Promise<ProviderRow | null> {
  return db.maybeOne(sql<ProviderRow>`
    select ${columns} from mail_providers where environment_id = ${tenant.environmentId}`);
}

export function writeProvider(tx: Db, tenant: Tenant, row: ProviderRow): Promise<ProviderRow> {
  return tx.one(sql<ProviderRow>`
    insert into mail_providers (environment_id, preset, host, port, security, username, sealed_password, from_address,
      from_name, reply_to, is_enabled, created_at, updated_at)
    values (${tenant.environmentId}, ${row.preset}, ${row.host}, ${row.port}, ${row.security}, ${row.username},
      ${row.sealedPassword}, ${row.fromAddress}, ${row.fromName}, ${row.replyTo}, ${row.isEnabled}, ${row.createdAt},
      ${row.updatedAt})
    on conflict (environment_id) do update set
      preset = excluded.preset, host = excluded.host, port = excluded.port, security = excluded.security,
      username = excluded.username, sealed_password = excluded.sealed_password, from_address = excluded.from_address,
      from_name = excluded.from_name, reply_to = excluded.reply_to, is_enabled = excluded.is_enabled,
      updated_at = excluded.updated_at
    returning ${columns}`);
}

/** @returns whether there was one */
export async function removeProvider(tx: Db, tenant: Tenant): Promise<ProviderRow | null> {
  return tx.maybeOne(sql<ProviderRow>`
    delete from mail_providers where environment_id = ${tenant.environmentId} returning ${columns}`);
}
