import { z } from 'zod';
import { apiKey, EntityNotFound, operator, type Route, route } from '../core/index.ts';
import { addressOf, getEnvironment } from '../environments/index.ts';
import { socialProviders } from '../protocol/index.ts';
import { identitiesOf } from './identities.ts';
import { listProviderStates } from './offered.ts';
import { Identity, SocialProviderWire, toIdentity, toSocialProvider } from './schema.ts';
import { changeProvider, resetProvider } from './settings.ts';

const identities = route(
  {
    operationId: 'listUserIdentities',
    method: 'GET',
    path: '/user_management/users/{id}/identities',
    summary: 'List the outside accounts that sign a user in',
    auth: apiKey('users:read'),
    params: z.object({ id: z.string().describe('`user_…`') }),
    returns: { status: 200, body: z.array(Identity) },
    errors: [EntityNotFound],
  },
  async ({ tenant, params }, services) => (await identitiesOf(services, tenant, params.id)).map(toIdentity),
);

const list = route(
  {
    operationId: 'listSocialProviders',
    method: 'GET',
    path: '/dashboard/api/social_providers',
    summary: 'List the providers people may sign in with, in the order of their buttons',
    auth: operator('environment:read'),
    returns: { status: 200, body: z.object({ data: z.array(SocialProviderWire) }) },
    errors: [],
    internal: true,
  },
  async ({ tenant }, services) => {
    const environment = await getEnvironment(services, tenant.environmentId);
    const states = await listProviderStates(services, services.db, tenant, environment);
    return { data: states.map((state) => toSocialProvider(state, addressOf(services.config, environment))) };
  },
);

/** Printable and without spaces, as credentials are. */
const visible = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[\x21-\x7e]+$/, 'has characters that no such value has.');
/** RFC 6749 section 3.3. */
const scope = z
  .string()
  .max(200)
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'is no scope.');

const change = route(
  {
    operationId: 'updateSocialProvider',
    method: 'PATCH',
    path: '/dashboard/api/social_providers/{provider}',
    summary: 'Set a provider up: on or off, own credentials, scopes, tokens, place',
    description: 'What is left out stays. A new client ID comes with its secret, for Apple with a key.',
    auth: operator('environment:write'),
    needsFreshOperator: true,
    params: z.object({ provider: z.enum(socialProviders) }),
    body: z.object({
      enabled: z.boolean().nullish(),
      return_tokens: z.boolean().nullish(),
      position: z.number().int().min(0).max(99).nullable().optional().describe('Null: the usual place.'),
      client_id: visible(512).nullish(),
      client_secret: visible(2048).nullish(),
      team_id: z
        .string()
        .regex(/^[A-Z0-9]{10}$/, 'has ten letters and digits.')
        .nullish(),
      key_id: z
        .string()
        .regex(/^[A-Z0-9]{10}$/, 'has ten letters and digits.')
        .nullish(),
      private_key: z.string().max(4096).nullish().describe('PKCS #8, PEM: the content of the `.p8` file.'),
      scopes: z.array(scope).max(50).nullish(),
    }),
    returns: { status: 200, body: SocialProviderWire },
    errors: [],
    internal: true,
  },
  async ({ tenant, params, body }, services) => {
    const environment = await getEnvironment(services, tenant.environmentId);
    const state = await changeProvider(services, tenant, environment, params.provider, {
      isEnabled: body.enabled ?? undefined,
      hasTokensReturned: body.return_tokens ?? undefined,
      position: body.position,
      clientId: body.client_id ?? undefined,
      clientSecret: body.client_secret ?? undefined,
      teamId: body.team_id ?? undefined,
      keyId: body.key_id ?? undefined,
      privateKey: body.private_key ?? undefined,
      scopes: body.scopes ?? undefined,
    });
    return toSocialProvider(state, addressOf(services.config, environment));
  },
);

const reset = route(
  {
    operationId: 'resetSocialProvider',
    method: 'DELETE',
    path: '/dashboard/api/social_providers/{provider}',
    summary: 'Forget what a provider was set up with, its credentials first',
    auth: operator('environment:write'),
    needsFreshOperator: true,
    params: z.object({ provider: z.enum(socialProviders) }),
    returns: { status: 200, body: SocialProviderWire },
    errors: [],
    internal: true,
  },
  async ({ tenant, params }, services) => {
    const environment = await getEnvironment(services, tenant.environmentId);
    return toSocialProvider(
      await resetProvider(services, tenant, environment, params.provider),
      addressOf(services.config, environment),
    );
  },
);

export const socialRoutes: readonly Route[] = [identities, list, change, reset];
