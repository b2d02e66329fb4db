import { z } from 'zod';
import { apiKey, EntityNotFound, type Route, reply, route } from '../core/index.ts';
import { OrganizationDomain, toDomainWire } from './domain.schema.ts';
import { findDomain } from './domain.store.ts';
import { createDomain, deleteDomain } from './domains.ts';
import { DomainAlreadyExists, DomainAlreadyVerified } from './errors.ts';
import { organizationId } from './organization.schema.ts';
import { verifyDomain } from './verify-domain.ts';

const byId = z.object({ id: z.string().describe('`org_domain_…`') });

const create = route(
  {
    operationId: 'createOrganizationDomain',
    method: 'POST',
    path: '/organization_domains',
    summary: 'Give an organization a domain',
    description: 'It is to be proved by a TXT record. Domains where anybody gets an address are refused.',
    auth: apiKey('organizations:write'),
    body: z.object({ domain: z.string(), organization_id: organizationId }),
    returns: { status: 201, body: OrganizationDomain },
    errors: [EntityNotFound, DomainAlreadyExists],
  },
  async ({ tenant, body }, services) =>
    toDomainWire(await createDomain(services, tenant, body.organization_id, body.domain)),
);

const get = route(
  {
    operationId: 'getOrganizationDomain',
    method: 'GET',
    path: '/organization_domains/{id}',
    summary: 'Get a domain of an organization',
    auth: apiKey('organizations:read'),
    params: byId,
    returns: { status: 200, body: OrganizationDomain },
    errors: [EntityNotFound],
  },
  async ({ tenant, params }, { db }) => {
    const domain = await findDomain(db, tenant, params.id);
    if (!domain) throw new EntityNotFound('OrganizationDomain', params.id);
    return toDomainWire(domain);
  },
);

const remove = route(
  {
    operationId: 'deleteOrganizationDomain',
    method: 'DELETE',
    path: '/organization_domains/{id}',
    summary: 'Take a domain from an organization',
    description: 'Members who came by it stay.',
    auth: apiKey('organizations:write'),
    params: byId,
    returns: { status: 204 },
    errors: [EntityNotFound],
  },
  async ({ tenant, params }, services) => {
    await deleteDomain(services, tenant, params.id);
    return reply.empty({ status: 204 });
  },
);

const verify = route(
  {
    operationId: 'verifyOrganizationDomain',
    method: 'POST',
    path: '/organization_domains/{id}/verify',
    summary: 'Look for the TXT record that proves a domain',
    description: 'Now, and from time to time for 30 days. The domain is `pending` until the record is there.',
    auth: apiKey('organizations:write'),
    params: byId,
    returns: { status: 201, body: OrganizationDomain },
    errors: [EntityNotFound, DomainAlreadyVerified],
  },
  async ({ tenant, params }, services) => toDomainWire(await verifyDomain(services, tenant, params.id)),
);

export const domainRoutes: readonly Route[] = [create, get, remove, verify];
