import { z } from 'zod';
import {
  apiKey,
  EntityNotFound,
  listOf,
  pageQuery,
  type Route,
  route,
  type Services,
  sha256,
  type Tenant,
  toList,
} from '../core/index.ts';
import { addressOf, getEnvironment } from '../environments/index.ts';
import { isLocale } from '../users/index.ts';
import { acceptForUser } from './accept-invitation.ts';
import {
  EmailAlreadyInvited,
  EmailAlreadyInvitedToOrganization,
  ExpiresInDaysTooLong,
  ExpiresInDaysTooShort,
  InvalidInvite,
  InviteAccepted,
  InviteExpired,
  InviteHasAcceptedUserId,
  InviteNotPending,
  InviteRevoked,
  UserAlreadyExists,
  UserAlreadyOrganizationMember,
} from './errors.ts';
import { acceptUrl, Invitation, type InvitationRow, toInvitationEvent, tokenOf } from './invitation.schema.ts';
import { findInvitationByToken } from './invitation.store.ts';
import { getInvitation, listInvitations, resendInvitation, revokeInvitation, sendInvitation } from './invitations.ts';
import { isRoleSlug } from './roles.ts';

const byId = z.object({ id: z.string().describe('`invitation_…`') });
const locale = z
  .string()
  .refine(isLocale, "is not a language tag. Write it like 'en' or 'pt-BR'.")
  .nullish()
  .describe('The language of the mail (BCP 47).');

const addressFor = async (services: Services, { environmentId }: Tenant): Promise<string> =>
  addressOf(services.config, await getEnvironment(services, environmentId));

async function wireOf(services: Services, tenant: Tenant, row: InvitationRow): Promise<z.input<typeof Invitation>> {
  return toWire(services, await addressFor(services, tenant), row);
}

function toWire({ vault, now }: Services, address: string, row: InvitationRow): z.input<typeof Invitation> {
  const token = tokenOf(vault, row);
  return { ...toInvitationEvent(row, now()), token, accept_invitation_url: acceptUrl(address, token) };
}

const list = route(
  {
    operationId: 'listInvitations',
    method: 'GET',
    path: '/user_management/invitations',
    summary: 'List invitations',
    auth: apiKey('invitations:read'),
    query: z.object({
      ...pageQuery,
      email: z.string().optional().describe('Only those to this address, whatever its case.'),
      organization_id: z.string().optional().describe('Only those to this organization.'),
    }),
    returns: { status: 200, body: listOf(Invitation) },
    errors: [],
  },
  async ({ tenant, query }, services) => {
    const filter = { email: query.email, organizationId: query.organization_id };
    const address = await addressFor(services, tenant);
    return toList(await listInvitations(services.db, tenant, query, filter), (row) => toWire(services, address, row));
  },
);

const create = route(
  {
    operationId: 'sendInvitation',
    method: 'POST',
    path: '/user_management/invitations',
    summary: 'Invite somebody',
    description: 'To an organization, or to the application alone. A mail brings them the link.',
    auth: apiKey('invitations:write'),
    body: z.object({
      email: z.string().min(1),
      organization_id: z.string().nullish(),
      role_slug: z
        .string()
        .refine(isRoleSlug, 'is not a valid role.')
        .nullish()
        .describe('The role they will have in the organization; `member` when not given.'),
      expires_in_days: z.number().int().nullish().describe('1 to 30; 7 when not given.'),
      inviter_user_id: z.string().nullish().describe('Whose name the mail carries.'),
      locale,
    }),
    returns: { status: 201, body: Invitation },
    errors: [
      EntityNotFound,
      EmailAlreadyInvitedToOrganization,
      UserAlreadyOrganizationMember,
      EmailAlreadyInvited,
      UserAlreadyExists,
      ExpiresInDaysTooShort,
      ExpiresInDaysTooLong,
    ],
  },
  async ({ tenant, body }, services) => {
    const invitation = await sendInvitation(services, tenant, {
      email: body.email,
      organizationId: body.organization_id ?? null,
      roleSlug: body.role_slug ?? null,
      expiresInDays: body.expires_in_days ?? null,
      inviterUserId: body.inviter_user_id ?? null,
      locale: body.locale ?? null,
    });
    return wireOf(services, tenant, invitation);
  },
);

const get = route(
  {
    operationId: 'getInvitation',
    method: 'GET',
    path: '/user_management/invitations/{id}',
    summary: 'Get an invitation',
    auth: apiKey('invitations:read'),
    params: byId,
    returns: { status: 200, body: Invitation },
    errors: [EntityNotFound],
  },
  async ({ tenant, params }, services) => wireOf(services, tenant, await getInvitation(services.db, tenant, params.id)),
);

const getByToken = route(
  {
    operationId: 'findInvitationByToken',
    method: 'GET',
    path: '/user_management/invitations/by_token/{token}',
    summary: 'Find an invitation by its token',
    auth: apiKey('invitations:read'),
    params: z.object({ token: z.string() }),
    returns: { status: 200, body: Invitation },
    errors: [EntityNotFound],
  },
  async ({ tenant, params }, services) => {
    const invitation = await findInvitationByToken(services.db, tenant, sha256(params.token));
    // Somebody's slip of the mouse may be most of a token, and errors are logged.
    if (!invitation) throw new EntityNotFound('Invitation', `${params.token.slice(0, 4)}…`);
    return wireOf(services, tenant, invitation);
  },
);

const accept = route(
  {
    operationId: 'acceptInvitation',
    method: 'POST',
    path: '/user_management/invitations/{id}/accept',
    summary: 'Accept an invitation for the user with the invited address',
    auth: apiKey('invitations:write'),
    params: byId,
    returns: { status: 200, body: Invitation },
    errors: [EntityNotFound, InviteNotPending, InvalidInvite, InviteHasAcceptedUserId],
  },
  async ({ tenant, params }, services) => wireOf(services, tenant, await acceptForUser(services, tenant, params.id)),
);

const resend = route(
  {
    operationId: 'resendInvitation',
    method: 'POST',
    path: '/user_management/invitations/{id}/resend',
    summary: 'Mail an invitation again',
    description: 'The link is the same one, and expires when it would have.',
    auth: apiKey('invitations:write'),
    params: byId,
    body: z.object({ locale }),
    returns: { status: 200, body: Invitation },
    errors: [EntityNotFound, InviteExpired, InviteRevoked, InviteAccepted],
  },
  async ({ tenant, params, body }, services) =>
    wireOf(services, tenant, await resendInvitation(services, tenant, params.id, body.locale ?? null)),
);

const revoke = route(
  {
    operationId: 'revokeInvitation',
    method: 'POST',
    path: '/user_management/invitations/{id}/revoke',
    summary: 'Revoke an invitation',
    auth: apiKey('invitations:write'),
    params: byId,
    returns: { status: 200, body: Invitation },
    errors: [EntityNotFound, InviteNotPending],
  },
  async ({ tenant, params }, services) => wireOf(services, tenant, await revokeInvitation(services, tenant, params.id)),
);

export const invitationRoutes: readonly Route[] = [list, create, get, getByToken, accept, resend, revoke];
