import { z } from 'zod';
import {
  apiKey,
  EntityNotFound,
  listOf,
  operator,
  pageQuery,
  type Route,
  reply,
  route,
  several,
  toList,
} from '../core/index.ts';
import { createUserAsAsked } from './create-user.ts';
import {
  EmailNotAvailable,
  ExternalIdAlreadyUsed,
  InvalidEmail,
  InvalidLocale,
  InvalidMetadata,
  InvalidPasswordHash,
  PasswordAndPasswordHashProvided,
  PasswordAndPasswordHashTypeProvided,
  PasswordSaltPositionRequiresPasswordHash,
  PasswordStrengthError,
  UserCreationError,
} from './errors.ts';
import { deleteUser, findUsersBy, getUser } from './logic.ts';
import { CreatedUser, CreateUser, toWire, UpdateUser, User, userId } from './schema.ts';
import { findUserByExternalId, readUser } from './store.ts';
import { updateUser } from './update-user.ts';

const profileErrors = [
  PasswordStrengthError,
  InvalidPasswordHash,
  PasswordAndPasswordHashProvided,
  PasswordAndPasswordHashTypeProvided,
  PasswordSaltPositionRequiresPasswordHash,
  InvalidMetadata,
  InvalidLocale,
  ExternalIdAlreadyUsed,
];

const create = route(
  {
    operationId: 'createUser',
    method: 'POST',
    path: '/user_management/users',
    summary: 'Create a user',
    auth: apiKey('users:write'),
    body: CreateUser,
    returns: { status: 201, body: CreatedUser },
    errors: [UserCreationError, ...profileErrors],
  },
  async ({ tenant, body }, services) => toWire(await createUserAsAsked(services, tenant, body)),
);

const get = route(
  {
    operationId: 'getUser',
    method: 'GET',
    path: '/user_management/users/{id}',
    summary: 'Get a user',
    auth: apiKey('users:read'),
    params: z.object({ id: userId }),
    returns: { status: 200, body: User },
    errors: [EntityNotFound],
  },
  async ({ tenant, params }, { db }) => toWire(await getUser(db, tenant, params.id)),
);

const getByExternalId = route(
  {
    operationId: 'getUserByExternalId',
    method: 'GET',
    path: '/user_management/users/external_id/{external_id*}',
    summary: 'Get a user by external id',
    description: 'Slashes in the external id may be sent as they are.',
    auth: apiKey('users:read'),
    params: z.object({ external_id: z.string().describe('As it was set; compared exactly.') }),
    returns: { status: 200, body: User },
    errors: [EntityNotFound],
  },
  async ({ tenant, params }, { db }) => {
    const user = await findUserByExternalId(db, tenant, params.external_id);
    if (!user) throw new EntityNotFound('User', params.external_id);
    return toWire(user);
  },
);

/** A password or an address of one's own choice opens the account: a cookie left behind must not do that. */
const changesCredentials = (body: unknown): boolean =>
  ['email', 'email_verified', 'password', 'password_hash'].some(
    (field) => (body as Record<string, unknown> | null | undefined)?.[field] != null,
  );

const update = route(
  {
    operationId: 'updateUser',
    method: 'PUT',
    path: '/user_management/users/{id}',
    summary: 'Update a user',
    description:
      'What is left out stays as it is; null clears. A new e-mail address is unverified unless `email_verified` says otherwise. Old and new address are told of it, and of a new `password`.',
    auth: apiKey('users:write'),
    needsFreshOperator: changesCredentials,
    params: z.object({ id: userId }),
    body: UpdateUser,
    returns: { status: 200, body: User },
    errors: [EntityNotFound, EmailNotAvailable, InvalidEmail, ...profileErrors],
  },
  async ({ tenant, params, body }, services) => toWire(await updateUser(services, tenant, params.id, body)),
);

const remove = route(
  {
    operationId: 'deleteUser',
    method: 'DELETE',
    path: '/user_management/users/{id}',
    summary: 'Delete a user',
    description: 'Ends their sessions and removes what is kept of them. It cannot be undone.',
    auth: apiKey('users:write'),
    needsFreshOperator: true,
    params: z.object({ id: userId }),
    returns: { status: 200 },
    errors: [EntityNotFound],
  },
  async ({ tenant, params }, services) => {
    await deleteUser(services, tenant, params.id);
    return reply.empty();
  },
);

const search = route(
  {
    operationId: 'searchUsers',
    method: 'GET',
    path: '/dashboard/api/users',
    summary: 'Find users by the beginnings of what is known of them',
    auth: operator('users:read'),
    query: z.object({
      ...pageQuery,
      search: z
        .string()
        .max(200)
        .default('')
        .describe(
          'Words; each is to begin the e-mail address, its local part or domain, a name, the id or the external id.',
        ),
    }),
    returns: { status: 200, body: listOf(User) },
    errors: [],
    internal: true,
  },
  async ({ tenant, query }, { db }) => toList(await findUsersBy(db, tenant, query, query.search), toWire),
);

const emails = route(
  {
    operationId: 'listUserEmails',
    method: 'GET',
    path: '/dashboard/api/user_emails',
    summary: 'Whose ids these are',
    description: 'Of those that are users of the environment; the others are left out.',
    auth: operator('users:read'),
    query: z.object({ ids: several(z.string()) }),
    returns: { status: 200, body: z.object({ users: z.array(z.object({ id: z.string(), email: z.string() })) }) },
    errors: [],
    internal: true,
  },
  async ({ tenant, query: { ids = [] } }, { db }) => {
    const found = await Promise.all(ids.map((id) => readUser(db, tenant, id)));
    return { users: found.flatMap((user) => (user ? [{ id: user.id, email: user.email }] : [])) };
  },
);

export const userRoutes: readonly Route[] = [emails, create, get, getByExternalId, update, remove, search];
