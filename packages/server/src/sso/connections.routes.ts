import { z } from 'zod';
import {
  apiKey,
  EntityNotFound,
  nameText,
  operator,
  pageQuery,
  type Route,
  reply,
  route,
  text,
  toList,
} from '../core/index.ts';
import { findOrganization } from '../organizations/index.ts';
import { atHome } from './at-home.ts';
import {
  activateConnection,
  type ConnectionChange,
  createConnection,
  deactivateConnection,
  deleteConnection,
  getConnection,
  listConnections,
  updateConnection,
  type WithDomains,
} from './connections.ts';
import { ConnectionIncomplete, refuse } from './errors.ts';
import { readCertificate } from './saml/index.ts';
import {
  Connection,
  ConnectionDetails,
  ConnectionList,
  connectionType,
  GroupRoles,
  Mapping,
  toConnectionWire,
  toDetails,
} from './schema.ts';

const byId = z.object({ id: z.string().describe('`conn_…`') });

const wireOf = ({ connection, domains }: WithDomains) => toConnectionWire(connection, domains);

const list = route(
  {
    operationId: 'listConnections',
    method: 'GET',
    path: '/connections',
    summary: 'List connections',
    auth: apiKey('connections:read'),
    query: z.object({
      ...pageQuery,
      connection_type: text(64).optional().describe('For one `OktaSAML`.'),
      domain: text(254).optional().describe('Only of organizations that have this domain.'),
      organization_id: text(128).optional(),
      search: text(200).optional().describe('Part of the name, whatever its case.'),
    }),
    returns: { status: 200, body: ConnectionList },
    errors: [],
  },
  async ({ tenant, query }, { db }) => {
    const filter = {
      connectionType: query.connection_type,
      domain: query.domain?.toLowerCase(),
      organizationId: query.organization_id,
      search: query.search,
    };
    return toList(await listConnections(db, tenant, query, filter), wireOf);
  },
);

const get = route(
  {
    operationId: 'getConnection',
    method: 'GET',
    path: '/connections/{id}',
    summary: 'Get a connection',
    auth: apiKey('connections:read'),
    params: byId,
    returns: { status: 200, body: Connection },
    errors: [EntityNotFound],
  },
  async ({ tenant, params }, { db }) => wireOf(await getConnection(db, tenant, params.id)),
);

const remove = route(
  {
    operationId: 'deleteConnection',
    method: 'DELETE',
    path: '/connections/{id}',
    summary: 'Delete a connection',
    description: 'With the profiles it brought; sessions that began with it end. It cannot be undone.',
    auth: apiKey('connections:write'),
    needsFreshOperator: true,
    params: byId,
    returns: { status: 200, description: 'Deleted. The body is empty.' },
    errors: [EntityNotFound],
  },
  async ({ tenant, params }, services) => {
    await deleteConnection(services, tenant, params.id);
    return reply.empty();
  },
);

/** https, or http at this machine, which only a development server then calls. */
const address = z
  .url({ protocol: /^https?$/ })
  .max(2048)
  .refine((value) => !URL.parse(value)?.username && !value.includes('#'), 'carries a user name or a fragment.');

/** What people paste is often the address of the document instead of the issuer's. */
const issuer = address.transform((value) => value.replace(/\/\.well-known\/openid-configuration$/, ''));

/** Printable and without spaces, as credentials are. */
const visible = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[\x21-\x7e]+$/, 'has characters that no such value has.');

const name = nameText(256);

const fields = {
  issuer: issuer.nullish().describe('Of an OpenID provider; the address of its discovery document will do.'),
  client_id: visible(512).nullish(),
  client_secret: visible(2048).optional().describe('Kept sealed; no answer shows it again.'),
  idp_entity_id: text(1024).min(1).nullish().describe("A SAML provider's own name."),
  sign_on_url: address.nullish().describe('Where a SAML provider signs people in.'),
  certificates: z.array(z.string().max(16_384)).max(10).optional().describe('What it signs with: PEM or base64.'),
  idp_initiated: z.boolean().optional().describe('Whether people may begin at the provider.'),
  sign_requests: z.boolean().optional().describe('Whether requests to a SAML provider carry our signature.'),
  attribute_mapping: Mapping.optional(),
  group_roles: GroupRoles.optional().describe('Which roles the groups of the provider give, applied at each sign-on.'),
};
const ChangeBody = z.object({ name: name.optional(), connection_type: connectionType.optional(), ...fields });

function changeOf(body: z.output<typeof ChangeBody>): ConnectionChange {
  const { first_name: firstName, last_name: lastName, ...same } = body.attribute_mapping ?? {};
  const all = {
    name: body.name,
    connectionType: body.connection_type,
    issuer: body.issuer,
    clientId: body.client_id,
    clientSecret: body.client_secret,
    idpEntityId: body.idp_entity_id,
    signOnUrl: body.sign_on_url,
    certificates: body.certificates?.map(pemOf),
    isIdpInitiatedAllowed: body.idp_initiated,
    isRequestSigned: body.sign_requests,
    attributeMapping: body.attribute_mapping && present({ ...same, firstName, lastName }),
    groupRoles: body.group_roles?.map(({ group, role_slug: role }) => ({ group, role })),
  };
  return present(all);
}

/** @throws {InvalidRequestParameters} when it is none that signatures are checked with */
function pemOf(certificate: string): string {
  const read = readCertificate(certificate);
  if (read) return read.pem;
  throw refuse('certificates', 'This is no X.509 certificate in PEM or base64, with an RSA key of 2048 bits or more.');
}

/** Without what was not sent. */
const present = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

const path = '/dashboard/api/connections';
const inside = { internal: true } as const;

const listDetails = route(
  {
    ...inside,
    operationId: 'listConnectionDetails',
    method: 'GET',
    path: '/dashboard/api/organizations/{id}/connections',
    summary: "List an organization's connections with how each is set up",
    auth: operator('organizations:read'),
    params: z.object({ id: z.string().describe('`org_…`') }),
    returns: { status: 200, body: z.object({ data: z.array(ConnectionDetails) }) },
    errors: [EntityNotFound],
  },
  async ({ tenant, params }, services) => {
    const { db } = services;
    if (!(await findOrganization(db, tenant, params.id))) throw new EntityNotFound('Organization', params.id);
    const page = await listConnections(db, tenant, { limit: 100, order: 'asc' }, { organizationId: params.id });
    const home = await atHome(services, tenant);
    return { data: page.rows.map(({ connection, domains }) => toDetails(connection, domains, home)) };
  },
);

const getDetails = route(
  {
    ...inside,
    operationId: 'getConnectionDetails',
    method: 'GET',
    path: `${path}/{id}`,
    summary: 'Get how a connection is set up',
    auth: operator('organizations:read'),
    params: byId,
    returns: { status: 200, body: ConnectionDetails },
    errors: [EntityNotFound],
  },
  async ({ tenant, params }, services) => {
    const { connection, domains } = await getConnection(services.db, tenant, params.id);
    return toDetails(connection, domains, await atHome(services, tenant));
  },
);

const create = route(
  {
    ...inside,
    operationId: 'createConnection',
    method: 'POST',
    path,
    summary: 'Connect an identity provider to an organization',
    description: 'It is a draft until it is activated.',
    auth: operator('organizations:write'),
    needsFreshOperator: true,
    body: z.object({ organization_id: text(128), name, connection_type: connectionType, ...fields }),
    returns: { status: 201, body: ConnectionDetails },
    errors: [EntityNotFound],
  },
  async ({ tenant, body }, services) => {
    const wanted = { ...changeOf(body), name: body.name, connectionType: body.connection_type };
    const { connection, domains } = await createConnection(services, tenant, body.organization_id, wanted);
    return toDetails(connection, domains, await atHome(services, tenant));
  },
);

const update = route(
  {
    ...inside,
    operationId: 'updateConnection',
    method: 'PATCH',
    path: `${path}/{id}`,
    summary: 'Change how a connection is set up',
    description: 'What is left out stays. A new issuer or client ID comes with its secret.',
    auth: operator('organizations:write'),
    needsFreshOperator: true,
    params: byId,
    body: ChangeBody,
    returns: { status: 200, body: ConnectionDetails },
    errors: [EntityNotFound, ConnectionIncomplete],
  },
  async ({ tenant, params, body }, services) => {
    const { connection, domains } = await updateConnection(services, tenant, params.id, changeOf(body));
    return toDetails(connection, domains, await atHome(services, tenant));
  },
);

const switched = (
  what: 'activate' | 'deactivate',
  change: typeof activateConnection,
  summary: string,
  description: string,
): Route =>
  route(
    {
      ...inside,
      operationId: `${what}Connection`,
      method: 'PUT',
      path: `${path}/{id}/${what}`,
      summary,
      description,
      auth: operator('organizations:write'),
      needsFreshOperator: true,
      params: byId,
      returns: { status: 200, body: ConnectionDetails },
      errors: [EntityNotFound, ConnectionIncomplete],
    },
    async ({ tenant, params }, services) => {
      const { connection, domains } = await change(services, tenant, params.id);
      return toDetails(connection, domains, await atHome(services, tenant));
    },
  );

export const connectionRoutes: readonly Route[] = [
  list,
  get,
  remove,
  listDetails,
  getDetails,
  create,
  update,
  switched('activate', activateConnection, 'Let people sign in by a connection', 'It has to be complete.'),
  switched(
    'deactivate',
    deactivateConnection,
    'Let nobody sign in by a connection any more',
    'Sessions that began with it end.',
  ),
];
