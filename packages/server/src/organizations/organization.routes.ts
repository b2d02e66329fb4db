import { z } from 'zod';
import {
  apiKey,
  EntityNotFound,
  operator,
  pageQuery,
  type Route,
  reply,
  route,
  several,
  text,
  toList,
} from '../core/index.ts';
import { ExternalIdAlreadyUsed, InvalidMetadata } from '../users/index.ts';
import { DomainAlreadyExists, StripeCustomerIdAlreadyUsed } from './errors.ts';
import {
  CreateOrganization,
  Organization,
  OrganizationList,
  organizationId,
  UpdateOrganization,
} from './organization.schema.ts';
import { findOrganizationByExternalId } from './organization.store.ts';
import {
  createOrganization,
  deleteOrganization,
  getOrganization,
  listOrganizations,
  updateOrganization,
  wireOf,
  withDomains,
} from './organizations.ts';
import { PolicyChange, PolicyWire, toPolicyWire } from './policy.schema.ts';
import { updatePolicy } from './policy.ts';

const byId = z.object({ id: organizationId });

const list = route(
  {
    operationId: 'listOrganizations',
    method: 'GET',
    path: '/organizations',
    summary: 'List organizations',
    auth: apiKey('organizations:read'),
    query: z.object({
      ...pageQuery,
      domains: several(z.string()).describe('Only organizations with one of these domains.'),
      search: text(200).optional().describe('Part of the name, whatever its case.'),
    }),
    returns: { status: 200, body: OrganizationList },
    errors: [],
  },
  async ({ tenant, query }, { db }) => {
    const domains = query.domains?.map((domain) => domain.toLowerCase());
    return toList(await listOrganizations(db, tenant, query, { domains, search: query.search }), wireOf);
  },
);

const create = route(
  {
    operationId: 'createOrganization',
    method: 'POST',
    path: '/organizations',
    summary: 'Create an organization',
    auth: apiKey('organizations:write'),
    body: CreateOrganization,
    returns: { status: 201, body: Organization },
    errors: [InvalidMetadata, ExternalIdAlreadyUsed, DomainAlreadyExists],
  },
  async ({ tenant, body }, services) => wireOf(await createOrganization(services, tenant, body)),
);

const get = route(
  {
    operationId: 'getOrganization',
    method: 'GET',
    path: '/organizations/{id}',
    summary: 'Get an organization',
    auth: apiKey('organizations:read'),
    params: byId,
    returns: { status: 200, body: Organization },
    errors: [EntityNotFound],
  },
  async ({ tenant, params }, { db }) =>
    wireOf(await withDomains(db, tenant, await getOrganization(db, tenant, params.id))),
);

const getByExternalId = route(
  {
    operationId: 'getOrganizationByExternalId',
    method: 'GET',
    path: '/organizations/external_id/{external_id*}',
    summary: 'Get an organization by external id',
    description: 'Slashes in the external id may be sent as they are.',
    auth: apiKey('organizations:read'),
    params: z.object({ external_id: z.string().describe('As it was set; compared exactly.') }),
    returns: { status: 200, body: Organization },
    errors: [EntityNotFound],
  },
  async ({ tenant, params }, { db }) => {
    const organization = await findOrganizationByExternalId(db, tenant, params.external_id);
    if (!organization) throw new EntityNotFound('Organization', params.external_id);
    return wireOf(await withDomains(db, tenant, organization));
  },
);

const update = route(
  {
    operationId: 'updateOrganization',
    method: 'PUT',
    path: '/organizations/{id}',
    summary: 'Update an organization',
    description: 'What is left out stays as it is; a list of domains replaces the one there is.',
    auth: apiKey('organizations:write'),
    params: byId,
    body: UpdateOrganization,
    returns: { status: 200, body: Organization },
    errors: [EntityNotFound, InvalidMetadata, ExternalIdAlreadyUsed, StripeCustomerIdAlreadyUsed, DomainAlreadyExists],
  },
  async ({ tenant, params, body }, services) => wireOf(await updateOrganization(services, tenant, params.id, body)),
);

const remove = route(
  {
    operationId: 'deleteOrganization',
    method: 'DELETE',
    path: '/organizations/{id}',
    summary: 'Delete an organization',
    description: 'With its domains, memberships and invitations; sessions in it end. It cannot be undone.',
    auth: apiKey('organizations:write'),
    needsFreshOperator: true,
    params: byId,
    returns: { status: 200, description: 'Deleted. The body is empty.' },
    errors: [EntityNotFound],
  },
  async ({ tenant, params }, services) => {
    await deleteOrganization(services, tenant, params.id);
    return reply.empty();
  },
);

const getPolicy = route(
  {
    operationId: 'getOrganizationPolicy',
    method: 'GET',
    path: '/dashboard/api/organizations/{id}/policy',
    summary: 'Get how members sign in to an organization',
    auth: operator('organizations:read'),
    params: byId,
    returns: { status: 200, body: PolicyWire },
    errors: [EntityNotFound],
    internal: true,
  },
  async ({ tenant, params }, { db }) => toPolicyWire(await getOrganization(db, tenant, params.id)),
);

const setPolicy = route(
  {
    operationId: 'updateOrganizationPolicy',
    method: 'PATCH',
    path: '/dashboard/api/organizations/{id}/policy',
    summary: 'Change how members sign in to an organization',
    description: 'What is left out stays as it is. Sessions that do not meet it end at their next refresh.',
    auth: operator('organizations:write'),
    params: byId,
    body: PolicyChange,
    returns: { status: 200, body: PolicyWire },
    errors: [EntityNotFound],
    internal: true,
  },
  async ({ tenant, params, body }, services) => toPolicyWire(await updatePolicy(services, tenant, params.id, body)),
);

export const organizationOnlyRoutes: readonly Route[] = [
  list,
  create,
  get,
  getByExternalId,
  update,
  remove,
  getPolicy,
  setPolicy,
];
