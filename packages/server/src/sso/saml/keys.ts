import { EntityNotFound, Secret, type Services, type Tenant } from '../../core/index.ts';
import { newSigningKey } from '../../keys/index.ts';
import type { ConnectionRow } from '../connection.ts';
import { lockConnection } from '../connections.store.ts';
import { LastKey, TwoKeys } from '../errors.ts';
import { noteOtherKey } from './certificate-events.ts';
import { insertSamlKey, listSamlKeys, removeSamlKey, type SamlKeyRow } from './keys.store.ts';

type Of = Pick<ConnectionRow, 'id'>;
type ForKeys = Pick<Services, 'db' | 'now' | 'vault'>;

/** While it changes, the provider has to know both. */
const maxKeys = 2;

/**
 * Our keys at a connection, oldest first. The first is made when somebody first needs it.
 *
 * The oldest signs requests until it is removed, because the provider learns of a new one only from our metadata; and
 * what was encrypted for any of them is opened.
 */
export async function keysOf(services: ForKeys, tenant: Tenant, { id }: Of): Promise<readonly SamlKeyRow[]> {
  const known = await listSamlKeys(services.db, tenant, id);
  if (known.length > 0) return known;
  // Of several that make the first one at once, one wins, and all of them use it.
  await insertSamlKey(services.db, tenant, await drawKey(services, tenant, id, 1));
  return listSamlKeys(services.db, tenant, id);
}

async function drawKey(
  { now, vault }: ForKeys,
  { environmentId }: Tenant,
  connectionId: string,
  number: number,
): Promise<SamlKeyRow> {
  const at = now();
  const { privateKey, publicJwk } = await newSigningKey(connectionId, at);
  const lines = publicJwk.x5c[0].replace(/.{64}(?=.)/g, '$&\n');
  const about = { environmentId, connectionId, number };
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return {
    ...about,
    sealedPrivateKey: vault.seal(pem, placeOf(about)),
    certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    createdAt: at,
  };
}

const placeOf = ({
  environmentId,
  connectionId,
  number,
}: Omit<SamlKeyRow, 'sealedPrivateKey' | 'certificate' | 'createdAt'>) =>
  `saml_keys/${environmentId}/${connectionId}/${number}`;

/** The private half, in PEM. */
export const openKey = ({ vault }: Pick<Services, 'vault'>, key: SamlKeyRow): Secret =>
  new Secret(vault.open(key.sealedPrivateKey, placeOf(key)));

/**
 * Begins a change of keys: the new one is published beside the old.
 *
 * @throws {EntityNotFound}
 * @throws {TwoKeys} when a change is under way
 */
export async function addKey(services: Services, tenant: Tenant, id: string): Promise<void> {
  // Drawn before the transaction: others wait for whoever writes, and this takes a tenth of a second.
  const newest = (await keysOf(services, tenant, { id })).at(-1)?.number ?? 0;
  const next = await drawKey(services, tenant, id, newest + 1);
  await services.db.transaction(async (tx) => {
    if (!(await lockConnection(tx, tenant, id))) throw new EntityNotFound('Connection', id);
    const held = await listSamlKeys(tx, tenant, id);
    if (held.length >= maxKeys || !(await insertSamlKey(tx, tenant, next))) throw new TwoKeys();
  });
}

/**
 * Ends a change of keys, or calls it off.
 *
 * @throws {EntityNotFound}
 * @throws {LastKey} when it would leave none
 */
export function removeKey(services: Services, tenant: Tenant, id: string, number: string): Promise<void> {
  return services.db.transaction(async (tx) => {
    const connection = await lockConnection(tx, tenant, id);
    if (!connection) throw new EntityNotFound('Connection', id);
    const held = await listSamlKeys(tx, tenant, id);
    const leaving = held.find((key) => String(key.number) === number);
    if (!leaving) throw new EntityNotFound('Key', number);
    if (held.length === 1) throw new LastKey();
    await removeSamlKey(tx, tenant, id, leaving.number);
    const [signing] = held.filter((key) => key !== leaving);
    if (signing && leaving === held[0]) await noteOtherKey(services, tx, tenant, connection, signing.certificate);
  });
}
