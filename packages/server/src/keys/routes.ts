import { z } from 'zod';
import {
  anyone,
  EntityNotFound,
  operator,
  type Route,
  reply,
  route,
  timestamp,
  toTimestamp,
  toTimestampOrNull,
} from '../core/index.ts';
import { findClient } from '../environments/index.ts';
import { keySetOf, rotateKey } from './logic.ts';
import type { SigningKeyRow } from './store.ts';

const JsonWebKeySet = z
  .object({
    keys: z.array(
      z.object({
        alg: z.literal('RS256'),
        kty: z.literal('RSA'),
        use: z.literal('sig'),
        kid: z.string(),
        n: z.string(),
        e: z.string(),
        x5c: z.array(z.string()),
        'x5t#S256': z.string(),
      }),
    ),
  })
  .meta({ id: 'JsonWebKeySet' });

/** How long clients may keep the key set, in seconds. */
const jwksMaxAgeSeconds = 300;

const jwks = route(
  {
    operationId: 'getJwks',
    method: 'GET',
    path: '/sso/jwks/{clientId}',
    summary: 'Get the keys that verify access tokens',
    auth: anyone('public keys'),
    params: z.object({ clientId: z.string() }),
    returns: { status: 200, body: JsonWebKeySet },
    errors: [EntityNotFound],
    cors: 'anyone',
  },
  async ({ params }, services) => {
    const client = await findClient(services, params.clientId);
    if (!client) throw new EntityNotFound('Client', params.clientId);
    const keys = await keySetOf(services, client.environment.id);
    return reply.json(
      { keys: keys.map((key) => key.publicJwk) },
      { headers: { 'cache-control': `public, max-age=${jwksMaxAgeSeconds}` } },
    );
  },
);

const SigningKey = z
  .object({
    id: z.string(),
    algorithm: z.literal('RS256'),
    state: z.enum(['next', 'active', 'retiring']),
    active_from: timestamp,
    remove_at: timestamp.nullable(),
  })
  .meta({ id: 'SigningKey' });

const toWire = (key: SigningKeyRow, state: 'next' | 'active' | 'retiring'): z.input<typeof SigningKey> => ({
  id: key.id,
  algorithm: key.algorithm,
  state,
  active_from: toTimestamp(key.activeFromAt),
  remove_at: toTimestampOrNull(key.removeAt),
});

const list = route(
  {
    operationId: 'listSigningKeys',
    method: 'GET',
    path: '/dashboard/api/signing_keys',
    summary: 'List the signing keys of an environment',
    auth: operator('keys:read'),
    returns: { status: 200, body: z.object({ data: z.array(SigningKey) }) },
    errors: [],
    internal: true,
  },
  async ({ tenant }, services) => {
    const keys = await keySetOf(services, tenant.environmentId);
    const at = services.now();
    const active = keys.findLast((key) => key.activeFromAt <= at);
    return {
      data: keys.map((key) => toWire(key, key === active ? 'active' : key.activeFromAt > at ? 'next' : 'retiring')),
    };
  },
);

const rotate = route(
  {
    operationId: 'rotateSigningKey',
    method: 'POST',
    path: '/dashboard/api/signing_keys/rotate',
    summary: 'Rotate the signing key of an environment',
    description:
      'The new key is published for 24 hours before it signs. An emergency skips that and ends every access token signed before.',
    auth: operator('keys:write'),
    needsFreshOperator: true,
    body: z.object({ emergency: z.boolean().default(false) }),
    returns: { status: 200, body: SigningKey },
    errors: [],
    internal: true,
  },
  async ({ tenant, body }, services) =>
    toWire(await rotateKey(services, tenant, body), body.emergency ? 'active' : 'next'),
);

export const keyRoutes: readonly Route[] = [jwks, list, rotate];
