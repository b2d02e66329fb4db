import { z } from 'zod';
import { apiKey, EntityNotFound, operator, type Route, reply, route, timestamp, toTimestamp } from '../core/index.ts';
import { OrganizationMembershipNotFound } from '../organizations/index.ts';
import { maxClaimsBytes } from './limits.ts';
import { getJwtTemplate, previewTemplate, removeJwtTemplate, setJwtTemplate } from './logic.ts';
import { findJwtTemplate, type JwtTemplateRow } from './store.ts';

const content = z
  .string()
  .min(1)
  .describe(
    "A JSON object. Values may be `{{ path || fallback || 'literal' }}`, where paths begin with `user`, `organization` or `organization_membership`.",
  );

const JwtTemplate = z
  .object({ object: z.literal('jwt_template'), content: z.string(), created_at: timestamp, updated_at: timestamp })
  .meta({ id: 'JwtTemplate' });

const toWire = ({ content, createdAt, updatedAt }: JwtTemplateRow): z.input<typeof JwtTemplate> => ({
  object: 'jwt_template',
  content,
  created_at: toTimestamp(createdAt),
  updated_at: toTimestamp(updatedAt),
});

const read = route(
  {
    operationId: 'getJwtTemplate',
    method: 'GET',
    path: '/user_management/jwt_template',
    summary: 'Get the JWT template',
    auth: apiKey('jwt_template:read'),
    returns: { status: 200, body: JwtTemplate },
    errors: [EntityNotFound],
  },
  async ({ tenant }, services) => toWire(await getJwtTemplate(services, tenant)),
);

const write = route(
  {
    operationId: 'updateJwtTemplate',
    method: 'PUT',
    path: '/user_management/jwt_template',
    summary: 'Set the JWT template',
    description: `Every sign-in and refresh fills it in; the claims may have ${maxClaimsBytes} bytes.`,
    auth: apiKey('jwt_template:write'),
    needsFreshOperator: true,
    body: z.object({ content }),
    returns: { status: 200, body: JwtTemplate },
    errors: [],
  },
  async ({ tenant, body }, services) => toWire(await setJwtTemplate(services, tenant, body.content)),
);

const readOrNone = route(
  {
    operationId: 'findJwtTemplate',
    method: 'GET',
    path: '/dashboard/api/jwt_template',
    summary: 'Get the JWT template, if there is one',
    auth: operator('jwt_template:read'),
    returns: { status: 200, body: z.object({ jwt_template: JwtTemplate.nullable() }) },
    errors: [],
    internal: true,
  },
  async ({ tenant }, { db }) => {
    const row = await findJwtTemplate(db, tenant);
    return { jwt_template: row && toWire(row) };
  },
);

const remove = route(
  {
    operationId: 'deleteJwtTemplate',
    method: 'DELETE',
    path: '/dashboard/api/jwt_template',
    summary: 'Remove the JWT template',
    auth: operator('jwt_template:write'),
    needsFreshOperator: true,
    returns: { status: 204 },
    errors: [EntityNotFound],
    internal: true,
  },
  async ({ tenant }, services) => {
    await removeJwtTemplate(services, tenant);
    return reply.empty({ status: 204 });
  },
);

const JwtTemplatePreview = z
  .object({
    claims: z.record(z.string(), z.unknown()).nullable().describe('Null when the template is not one.'),
    bytes: z.number().int(),
    max_bytes: z.number().int(),
    errors: z.array(z.object({ code: z.string(), message: z.string() })),
  })
  .meta({ id: 'JwtTemplatePreview' });

const preview = route(
  {
    operationId: 'previewJwtTemplate',
    method: 'POST',
    path: '/dashboard/api/jwt_template/preview',
    summary: 'Show what a JWT template makes of a user',
    auth: operator('users:read'),
    body: z.object({ content, user_id: z.string(), organization_id: z.string().nullish() }),
    returns: { status: 200, body: JwtTemplatePreview },
    errors: [EntityNotFound, OrganizationMembershipNotFound],
    internal: true,
  },
  async ({ tenant, body }, services) => {
    const holder = { userId: body.user_id, organizationId: body.organization_id || null };
    const { claims, bytes, faults } = await previewTemplate(services, tenant, body.content, holder);
    return { claims, bytes, max_bytes: maxClaimsBytes, errors: [...faults] };
  },
);

export const jwtTemplateRoutes: readonly Route[] = [read, write, readOrNone, remove, preview];
