import { anyOf, type Db, json, type Statement, sql, type Tenant } from '../core/index.ts';
import type { ConnectionRow } from './connection.ts';

const columns = sql`id, environment_id, organization_id, name, connection_type, state, issuer, client_id, sealed_secret,
  idp_entity_id, sign_on_url, certificates_json, is_idp_initiated_allowed, is_request_signed,
  attribute_mapping_json, group_roles_json, created_at, updated_at`;

/** Ids come from the outside in paths and cursors; what cannot be one is not looked up. */
const isConnectionId = (id: string): boolean => /^conn_[0-9A-Za-z]{1,64}$/.test(id);

export async function findConnection(db: Db, tenant: Tenant, id: string): Promise<ConnectionRow | null> {
  if (!isConnectionId(id)) return null;
  return db.maybeOne(sql<ConnectionRow>`
    select ${columns} from connections where id = ${id} and environment_id = ${tenant.environmentId}`);
}

/** The connection, if it signs people in just now. */
export async function findActiveConnection(db: Db, tenant: Tenant, id: string): Promise<ConnectionRow | null> {
  const connection = await findConnection(db, tenant, id);
  return connection?.state === 'active' ? connection : null;
}

/**
 * A connection by its public id alone. Which environment it belongs to follows from it: providers know nothing of ours,
 * and what they send is checked against the connection before it counts.
 */
export async function findConnectionAnywhere(db: Db, id: string): Promise<ConnectionRow | null> {
  if (!isConnectionId(id)) return null;
  return db.maybeOne(sql<ConnectionRow>`select ${columns} from connections where id = ${id}`);
}

/** The connection, kept from changing and from going until the transaction ends. */
export async function lockConnection(tx: Db, tenant: Tenant, id: string): Promise<ConnectionRow | null> {
  if (!isConnectionId(id)) return null;
  return tx.maybeOne(sql<ConnectionRow>`
    select ${columns} from connections where id = ${id} and environment_id = ${tenant.environmentId} ${forUpdate}`);
}

/**
 * Keeps a connection active until the transaction ends: whoever switches it off at the same time either waits and finds
 * what begins here, or is seen here.
 */
export async function holdActiveConnection(tx: Db, tenant: Tenant, id: string): Promise<boolean> {
  const held = await tx.maybeOne(sql`
    select id from connections
    where id = ${id} and environment_id = ${tenant.environmentId} and state = 'active' ${forShare}`);
  return held !== null;
}

const forShare = sql.engine({ sqlite: '', postgresql: 'for share' });
/** SQLite has one writer at a time, and this is it. */
const forUpdate = sql.engine({ sqlite: '', postgresql: 'for update' });

/** Those of an organization that sign people in, oldest first. */
export function listActiveConnections(db: Db, tenant: Tenant, organizationId: string): Promise<ConnectionRow[]> {
  return db.all(sql<ConnectionRow>`
    select ${columns} from connections
    where environment_id = ${tenant.environmentId} and organization_id = ${organizationId} and state = 'active'
    order by created_at, id`);
}

/** Of all environments, in the order of their ids, after the one named. */
export function listActiveSamlConnections(db: Db, afterId: string, limit: number): Promise<ConnectionRow[]> {
  return db.all(sql<ConnectionRow>`
    select ${columns} from connections where id > ${afterId} and state = 'active' and connection_type like '%SAML'
    order by id limit ${limit}`);
}

/** Whether anybody of the environment signs in at a provider of their organization. */
export async function hasActiveConnections(db: Db, tenant: Tenant): Promise<boolean> {
  const found = await db.maybeOne(sql`
    select 1 as found from connections where environment_id = ${tenant.environmentId} and state = 'active' limit 1`);
  return found !== null;
}

/** All of an organization. */
export function listConnectionsOf(db: Db, tenant: Tenant, organizationId: string): Promise<ConnectionRow[]> {
  return db.all(sql<ConnectionRow>`
    select ${columns} from connections
    where environment_id = ${tenant.environmentId} and organization_id = ${organizationId} order by created_at, id`);
}

export interface ConnectionFilter {
  readonly connectionType?: string | undefined;
  readonly organizationId?: string | undefined;
  /** Only of these organizations. */
  readonly organizationIds?: readonly string[] | undefined;
  /** Part of the name, whatever its case. */
  readonly search?: string | undefined;
}

export function selectConnections(
  db: Db,
  tenant: Tenant,
  { connectionType, organizationId, organizationIds, search }: ConnectionFilter,
  where: Statement,
  order: Statement,
  limit: number,
): Promise<ConnectionRow[]> {
  const conditions = [where];
  if (connectionType) conditions.push(sql`connection_type = ${connectionType}`);
  if (organizationId) conditions.push(sql`organization_id = ${organizationId}`);
  if (organizationIds) conditions.push(sql`organization_id ${anyOf(organizationIds)}`);
  if (search) conditions.push(sql`name_key like ${`%${escaped(nameKey(search))}%`} escape '!'`);
  return db.all(sql<ConnectionRow>`
    select ${columns} from connections
    where environment_id = ${tenant.environmentId} and ${sql.join(conditions, ' and ')}
    order by ${order} limit ${limit}`);
}

const nameKey = (name: string): string => name.normalize('NFKC').toLowerCase();

/** What `like` reads as a wildcard stands for itself. */
const escaped = (text: string): string => text.replace(/[!%_]/g, '!$&');

export async function insertConnection(tx: Db, row: ConnectionRow): Promise<void> {
  await tx.run(sql`
    insert into connections (id, environment_id, organization_id, name, name_key, connection_type, state, issuer,
      client_id, sealed_secret, idp_entity_id, sign_on_url, certificates_json, is_idp_initiated_allowed,
      is_request_signed, attribute_mapping_json, group_roles_json, created_at, updated_at)
    values (${row.id}, ${row.environmentId}, ${row.organizationId}, ${row.name}, ${nameKey(row.name)},
      ${row.connectionType}, ${row.state}, ${row.issuer}, ${row.clientId}, ${row.sealedSecret}, ${row.idpEntityId},
      ${row.signOnUrl}, ${json(row.certificates)}, ${row.isIdpInitiatedAllowed}, ${row.isRequestSigned}, ${json(row.attributeMapping)},
      ${json(row.groupRoles)}, ${row.createdAt}, ${row.updatedAt})`);
}

export async function saveConnection(tx: Db, tenant: Tenant, row: ConnectionRow): Promise<void> {
  await tx.run(sql`
    update connections set name = ${row.name}, name_key = ${nameKey(row.name)}, connection_type = ${row.connectionType},
      state = ${row.state}, issuer = ${row.issuer}, client_id = ${row.clientId}, sealed_secret = ${row.sealedSecret},
      idp_entity_id = ${row.idpEntityId}, sign_on_url = ${row.signOnUrl}, certificates_json = ${json(row.certificates)},
      is_idp_initiated_allowed = ${row.isIdpInitiatedAllowed}, is_request_signed = ${row.isRequestSigned},
      attribute_mapping_json = ${json(row.attributeMapping)}, group_roles_json = ${json(row.groupRoles)},
      updated_at = ${row.updatedAt}
    where id = ${row.id} and environment_id = ${tenant.environmentId}`);
}

export async function removeConnection(tx: Db, tenant: Tenant, id: string): Promise<void> {
  await tx.run(sql`delete from connections where id = ${id} and environment_id = ${tenant.environmentId}`);
}
