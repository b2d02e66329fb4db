import { z } from 'zod';
import {
  apiKey,
  EntityNotFound,
  listOf,
  pageQuery,
  type Route,
  reply,
  route,
  type Services,
  several,
  type Tenant,
  toList,
} from '../core/index.ts';
import { getUser } from '../users/index.ts';
import { deleteMembership } from './delete-membership.ts';
import {
  CannotDeactivatePendingMembership,
  CannotReactivatePendingMembership,
  InvalidRole,
  MissingUserIdOrOrganizationId,
  UserAlreadyOrganizationMember,
} from './errors.ts';
import {
  type MembershipRow,
  OrganizationMembership,
  roleFields,
  statuses,
  toMembershipWire,
} from './membership.schema.ts';
import {
  createMembership,
  deactivateMembership,
  getMembership,
  listMemberships,
  reactivateMembership,
  updateMembership,
  usersOf,
} from './memberships.ts';
import { organizationId } from './organization.schema.ts';
import { rolesOf } from './roles.ts';

const byId = z.object({ id: z.string().describe('`om_…`') });

const wireOf = async ({ db }: Services, tenant: Tenant, membership: MembershipRow) =>
  toMembershipWire(membership, await getUser(db, tenant, membership.userId));

const list = route(
  {
    operationId: 'listOrganizationMemberships',
    method: 'GET',
    path: '/user_management/organization_memberships',
    summary: 'List organization memberships',
    description: 'Of a user, of an organization, or both.',
    auth: apiKey('organizations:read'),
    query: z.object({
      ...pageQuery,
      organization_id: z.string().optional(),
      user_id: z.string().optional(),
      statuses: several(z.enum(statuses)).describe('Only these; `active` when not given.'),
    }),
    returns: { status: 200, body: listOf(OrganizationMembership) },
    errors: [MissingUserIdOrOrganizationId],
  },
  async ({ tenant, query }, services) => {
    const filter = {
      organizationId: query.organization_id,
      userId: query.user_id,
      statuses: query.statuses ?? (['active'] as const),
    };
    const page = await listMemberships(services, tenant, query, filter);
    return toList({ ...page, rows: await usersOf(services.db, tenant, page.rows) }, ({ membership, user }) =>
      toMembershipWire(membership, user),
    );
  },
);

const create = route(
  {
    operationId: 'createOrganizationMembership',
    method: 'POST',
    path: '/user_management/organization_memberships',
    summary: 'Make a user a member of an organization',
    description: 'An inactive member becomes active again.',
    auth: apiKey('organizations:write'),
    body: z.object({ user_id: z.string(), organization_id: organizationId, ...roleFields }),
    returns: { status: 201, body: OrganizationMembership },
    errors: [EntityNotFound, CannotReactivatePendingMembership, UserAlreadyOrganizationMember, InvalidRole],
  },
  async ({ tenant, body }, services) => {
    const membership = await createMembership(services, tenant, {
      organizationId: body.organization_id,
      userId: body.user_id,
      roles: rolesOf(body),
    });
    return wireOf(services, tenant, membership);
  },
);

const get = route(
  {
    operationId: 'getOrganizationMembership',
    method: 'GET',
    path: '/user_management/organization_memberships/{id}',
    summary: 'Get an organization membership',
    auth: apiKey('organizations:read'),
    params: byId,
    returns: { status: 200, body: OrganizationMembership },
    errors: [EntityNotFound],
  },
  async ({ tenant, params }, services) => wireOf(services, tenant, await getMembership(services, tenant, params.id)),
);

const update = route(
  {
    operationId: 'updateOrganizationMembership',
    method: 'PUT',
    path: '/user_management/organization_memberships/{id}',
    summary: 'Change the roles of a member',
    auth: apiKey('organizations:write'),
    params: byId,
    body: z.object(roleFields),
    returns: { status: 200, body: OrganizationMembership },
    errors: [EntityNotFound, InvalidRole],
  },
  async ({ tenant, params, body }, services) =>
    wireOf(services, tenant, await updateMembership(services, tenant, params.id, rolesOf(body))),
);

const remove = route(
  {
    operationId: 'deleteOrganizationMembership',
    method: 'DELETE',
    path: '/user_management/organization_memberships/{id}',
    summary: 'Delete an organization membership',
    description: 'The user’s sessions in the organization end. It cannot be undone.',
    auth: apiKey('organizations:write'),
    params: byId,
    returns: { status: 200 },
    errors: [EntityNotFound],
  },
  async ({ tenant, params }, services) => {
    await deleteMembership(services, tenant, params.id);
    return reply.empty();
  },
);

const deactivate = route(
  {
    operationId: 'deactivateOrganizationMembership',
    method: 'PUT',
    path: '/user_management/organization_memberships/{id}/deactivate',
    summary: 'Deactivate a member',
    description: 'Their sessions in the organization end. An inactive member stays one, and no event tells of it.',
    auth: apiKey('organizations:write'),
    params: byId,
    returns: { status: 200, body: OrganizationMembership },
    errors: [EntityNotFound, CannotDeactivatePendingMembership],
  },
  async ({ tenant, params }, services) =>
    wireOf(services, tenant, await deactivateMembership(services, tenant, params.id)),
);

const reactivate = route(
  {
    operationId: 'reactivateOrganizationMembership',
    method: 'PUT',
    path: '/user_management/organization_memberships/{id}/reactivate',
    summary: 'Reactivate a member',
    description: 'With the roles they had. An active member stays one, and no event tells of it.',
    auth: apiKey('organizations:write'),
    params: byId,
    returns: { status: 200, body: OrganizationMembership },
    errors: [EntityNotFound, CannotReactivatePendingMembership],
  },
  async ({ tenant, params }, services) =>
    wireOf(services, tenant, await reactivateMembership(services, tenant, params.id)),
);

export const membershipRoutes: readonly Route[] = [list, create, get, update, remove, deactivate, reactivate];
