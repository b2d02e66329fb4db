import { isDeepStrictEqual } from 'node:util';
import {
  type Db,
  EntityNotFound,
  newId,
  type Page,
  type PageQuery,
  pageOf,
  type Services,
  type Tenant,
} from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import { holdOrganization, listOrganizationsWith, selectDomainsOf } from '../organizations/index.ts';
import { type ConnectionRow, isComplete, missingOf, protocolOf, sealSecret } from './connection.ts';
import {
  type ConnectionFilter,
  findConnection,
  insertConnection,
  listConnectionsOf,
  lockConnection,
  removeConnection,
  saveConnection,
  selectConnections,
} from './connections.store.ts';
import { ConnectionIncomplete, refuse } from './errors.ts';
import { deleteProfilesIn } from './profiles.store.ts';
import { noteRenewal } from './saml/certificate-events.ts';
import { removeNoticesOf } from './saml/certificate-notices.store.ts';
import { removeSamlKeysOf } from './saml/keys.store.ts';
import { keysOf } from './saml/keys.ts';
import { type Domain, toConnectionWire } from './schema.ts';
import { deleteTripsTo } from './trips.store.ts';

/** A connection and the domains of its organization, as every answer shows it. */
export interface WithDomains {
  readonly id: string;
  readonly connection: ConnectionRow;
  readonly domains: readonly Domain[];
}

async function withDomains(db: Db, tenant: Tenant, connection: ConnectionRow): Promise<WithDomains> {
  return { id: connection.id, connection, domains: await selectDomainsOf(db, tenant, [connection.organizationId]) };
}

/** @throws {EntityNotFound} also when it belongs to another environment */
export async function getConnection(db: Db, tenant: Tenant, id: string): Promise<WithDomains> {
  const connection = await findConnection(db, tenant, id);
  if (!connection) throw new EntityNotFound('Connection', id);
  return withDomains(db, tenant, connection);
}

/** @param domain - in lower-case A-labels: one of the organization's */
export async function listConnections(
  db: Db,
  tenant: Tenant,
  query: PageQuery,
  { domain, ...filter }: Omit<ConnectionFilter, 'organizationIds'> & { readonly domain?: string | undefined },
): Promise<Page<WithDomains & { readonly id: string }>> {
  const organizationIds = domain === undefined ? undefined : await listOrganizationsWith(db, tenant, domain);
  const page = await pageOf(
    query,
    (id) => findConnection(db, tenant, id),
    (where, order, limit) => selectConnections(db, tenant, { ...filter, organizationIds }, where, order, limit),
  );
  const ids = [...new Set(page.rows.map(({ organizationId }) => organizationId))];
  const domains = Map.groupBy(await selectDomainsOf(db, tenant, ids), ({ organizationId }) => organizationId);
  const rows = page.rows.map((connection) => ({
    id: connection.id,
    connection,
    domains: domains.get(connection.organizationId) ?? [],
  }));
  return { ...page, rows };
}

/** What a request changes; what it leaves out stays. */
export type ConnectionChange = Partial<
  Pick<
    ConnectionRow,
    | 'name'
    | 'connectionType'
    | 'issuer'
    | 'clientId'
    | 'idpEntityId'
    | 'signOnUrl'
    | 'certificates'
    | 'isIdpInitiatedAllowed'
    | 'isRequestSigned'
    | 'attributeMapping'
    | 'groupRoles'
  >
> & { readonly clientSecret?: string };

const nothing = {
  issuer: null,
  clientId: null,
  sealedSecret: null,
  idpEntityId: null,
  signOnUrl: null,
  certificates: [],
  isIdpInitiatedAllowed: false,
  isRequestSigned: false,
  attributeMapping: {},
  groupRoles: [],
} as const satisfies Partial<ConnectionRow>;

/**
 * A SAML connection gets the first key of ours at once, so that reading our metadata makes none.
 *
 * @throws {EntityNotFound} when there is no such organization
 */
export async function createConnection(
  services: Services,
  tenant: Tenant,
  organizationId: string,
  wanted: ConnectionChange & Pick<ConnectionRow, 'name' | 'connectionType'>,
): Promise<WithDomains> {
  const made = await makeConnection(services, tenant, organizationId, wanted);
  if (protocolOf(made.connection) === 'saml') await keysOf(services, tenant, made);
  return made;
}

function makeConnection(
  services: Services,
  tenant: Tenant,
  organizationId: string,
  wanted: ConnectionChange & Pick<ConnectionRow, 'name' | 'connectionType'>,
): Promise<WithDomains> {
  const at = services.now();
  return services.db.transaction(async (tx) => {
    if (!(await holdOrganization(tx, tenant, organizationId))) throw new EntityNotFound('Organization', organizationId);
    const blank: ConnectionRow = {
      ...nothing,
      id: newId('connection', at),
      environmentId: tenant.environmentId,
      organizationId,
      name: wanted.name,
      connectionType: wanted.connectionType,
      state: 'draft',
      createdAt: at,
      updatedAt: at,
    };
    const row = changed(services, blank, wanted);
    await insertConnection(tx, row);
    return record(services, tx, tenant, row, 'created');
  });
}

function changed(
  services: Services,
  before: ConnectionRow,
  { clientSecret, ...change }: ConnectionChange,
): ConnectionRow {
  const isOtherClient =
    (change.clientId !== undefined && change.clientId !== before.clientId) ||
    (change.issuer !== undefined && change.issuer !== before.issuer);
  // The secret is of one client at one issuer: kept, it would be sent to whoever is entered next.
  if (isOtherClient && before.sealedSecret !== null && clientSecret === undefined)
    throw refuse('client_secret', "Send 'client_secret' with a new issuer or client ID.");
  const sealedSecret = clientSecret === undefined ? before.sealedSecret : sealSecret(services, before, clientSecret);
  return { ...before, ...change, sealedSecret };
}

/**
 * Changes what was sent. A change that changes nothing moves no `updated_at` and tells nobody; a secret that is sent is
 * always new.
 *
 * @throws {EntityNotFound}
 * @throws {ConnectionIncomplete} when it is active and would lose something it needs
 */
export function updateConnection(
  services: Services,
  tenant: Tenant,
  id: string,
  change: ConnectionChange,
): Promise<WithDomains> {
  return withConnection(services, tenant, id, async (tx, before) => {
    const after = changed(services, before, change);
    if (isDeepStrictEqual(after, before)) return withDomains(tx, tenant, before);
    if (after.state === 'active') assertComplete(after);
    const row = { ...after, updatedAt: services.now() };
    await saveConnection(tx, tenant, row);
    await noteRenewal(services, tx, tenant, before, row);
    // Whoever is at the old provider just now comes back to a connection that knows nothing of them.
    await deleteTripsTo(tx, tenant, id);
    return record(services, tx, tenant, row, 'updated');
  });
}

/** @throws {ConnectionIncomplete} */
export function activateConnection(services: Services, tenant: Tenant, id: string): Promise<WithDomains> {
  return withConnection(services, tenant, id, async (tx, before) => {
    if (before.state === 'active') return withDomains(tx, tenant, before);
    assertComplete(before);
    const row = { ...before, state: 'active' as const, updatedAt: services.now() };
    await saveConnection(tx, tenant, row);
    return record(services, tx, tenant, row, 'activated');
  });
}

/** Nobody signs in by it any more, and the sessions that began with it end. */
export function deactivateConnection(services: Services, tenant: Tenant, id: string): Promise<WithDomains> {
  return withConnection(services, tenant, id, async (tx, before) => {
    if (before.state !== 'active') return withDomains(tx, tenant, before);
    const row = { ...before, state: 'inactive' as const, updatedAt: services.now() };
    await saveConnection(tx, tenant, row);
    await deleteTripsTo(tx, tenant, id);
    return record(services, tx, tenant, row, 'deactivated');
  });
}

/** With the profiles it brought and the sessions that began with it. */
export async function deleteConnection(services: Services, tenant: Tenant, id: string): Promise<void> {
  await withConnection(services, tenant, id, (tx, row) => remove(services, tx, tenant, row));
}

/** The organization is going, and what belongs to it goes too. */
export async function deleteConnectionsOf(
  services: Services,
  tx: Db,
  tenant: Tenant,
  organizationId: string,
): Promise<void> {
  for (const row of await listConnectionsOf(tx, tenant, organizationId)) await remove(services, tx, tenant, row);
}

async function remove(services: Services, tx: Db, tenant: Tenant, row: ConnectionRow): Promise<void> {
  await removeConnection(tx, tenant, row.id);
  await removeSamlKeysOf(tx, tenant, row.id);
  await removeNoticesOf(tx, tenant, row.id);
  await deleteProfilesIn(tx, tenant, row.id);
  await deleteTripsTo(tx, tenant, row.id);
  await record(services, tx, tenant, row, 'deleted');
}

function assertComplete(connection: ConnectionRow): void {
  if (!isComplete(connection)) throw new ConnectionIncomplete(missingOf(connection));
}

function withConnection<T>(
  services: Services,
  tenant: Tenant,
  id: string,
  change: (tx: Db, before: ConnectionRow) => Promise<T>,
): Promise<T> {
  return services.db.transaction(async (tx) => {
    const before = await lockConnection(tx, tenant, id);
    if (!before) throw new EntityNotFound('Connection', id);
    return change(tx, before);
  });
}

async function record(
  services: Services,
  tx: Db,
  tenant: Tenant,
  row: ConnectionRow,
  what: 'created' | 'updated' | 'activated' | 'deactivated' | 'deleted',
): Promise<WithDomains> {
  const both = await withDomains(tx, tenant, row);
  await recordEvent(services, tx, tenant, {
    name: `connection.${what}`,
    data: toConnectionWire(row, both.domains),
  });
  return both;
}
