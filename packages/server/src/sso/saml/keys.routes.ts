import { z } from 'zod';
import { EntityNotFound, operator, type Route, route, type Services, type Tenant } from '../../core/index.ts';
import { protocolOf } from '../connection.ts';
import { getConnection } from '../connections.ts';
import { LastKey, TwoKeys } from '../errors.ts';
import { Certificate, toCertificates } from '../schema.ts';
import { addKey, keysOf, removeKey } from './keys.ts';

const Keys = z
  .object({
    data: z.array(
      Certificate.extend({
        number: z.number().int(),
        signs_requests: z.boolean().describe('The oldest does, until it is removed.'),
      }),
    ),
  })
  .meta({ id: 'SamlKeys' });

const path = '/dashboard/api/connections/{id}/keys';
const params = z.object({ id: z.string().describe('`conn_…`') });
const returns = { status: 200, body: Keys } as const;
const change = { auth: operator('organizations:write'), needsFreshOperator: true, internal: true } as const;

async function assertSaml({ db }: Services, tenant: Tenant, id: string): Promise<void> {
  const { connection } = await getConnection(db, tenant, id);
  if (protocolOf(connection) !== 'saml') throw new EntityNotFound('Connection', id);
}

async function keysAt(services: Services, tenant: Tenant, id: string): Promise<z.input<typeof Keys>> {
  await assertSaml(services, tenant, id);
  const keys = await keysOf(services, tenant, { id });
  const data = keys.flatMap(({ number, certificate }, index) =>
    toCertificates([certificate]).map((shown) => ({ ...shown, number, signs_requests: index === 0 })),
  );
  return { data };
}

const list = route(
  {
    operationId: 'listSamlKeys',
    method: 'GET',
    path,
    summary: 'List the keys that we have at a SAML connection',
    auth: operator('organizations:read'),
    params,
    returns,
    errors: [EntityNotFound],
    internal: true,
  },
  ({ tenant, params: { id } }, services) => keysAt(services, tenant, id),
);

const add = route(
  {
    ...change,
    operationId: 'addSamlKey',
    method: 'POST',
    path,
    summary: 'Begin a change of keys',
    description: 'The new key is published beside the old one, which signs until it is removed.',
    params,
    returns,
    errors: [EntityNotFound, TwoKeys],
  },
  async ({ tenant, params: { id } }, services) => {
    await assertSaml(services, tenant, id);
    await addKey(services, tenant, id);
    return keysAt(services, tenant, id);
  },
);

const remove = route(
  {
    ...change,
    operationId: 'removeSamlKey',
    method: 'DELETE',
    path: `${path}/{number}`,
    summary: 'Remove a key, once the provider knows the other one',
    params: params.extend({ number: z.string().max(128) }),
    returns,
    errors: [EntityNotFound, LastKey],
  },
  async ({ tenant, params: { id, number } }, services) => {
    await removeKey(services, tenant, id, number);
    return keysAt(services, tenant, id);
  },
);

export const samlKeyRoutes: readonly Route[] = [list, add, remove];
