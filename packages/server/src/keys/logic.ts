import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import {
  after,
  cache,
  type Database,
  type Db,
  days,
  hours,
  minutes,
  newId,
  type Services,
  systemTenant,
  type Tenant,
} from '../core/index.ts';
import { findEnvironment, getEnvironment, issuerOf } from '../environments/index.ts';
import { recordEvent } from '../events/index.ts';
import { newSigningKey } from './certificate.ts';
import {
  claimFirstKey,
  findAnyKey,
  insertKey,
  listAllKeys,
  listDueEnvironments,
  listKeys,
  retireKeys,
  type SigningKeyRow,
} from './store.ts';

/** Clients cache JWKS for minutes and some throw on an unknown `kid`: a key is published this long before it signs. */
const publishAheadMs = hours(24);
/** The longest an access token may live (bounds of the setting). */
const longestTokenMs = minutes(60);
const rotateAfterMs = days(90);

/** The claims of an access token besides those every token gets here. Times are NumericDate seconds. */
interface AccessTokenClaims {
  readonly sub: string;
  readonly sid: string;
  readonly jti: string;
  readonly iat: number;
  readonly exp: number;
  readonly auth_time: number;
  readonly client_id: string;
  readonly org_id?: string;
  /** The first of `roles`. */
  readonly role?: string;
  readonly roles?: readonly string[];
  readonly permissions?: readonly string[];
}

type ForKeys = Pick<Services, 'db' | 'now' | 'vault' | 'config'>;

const keySets = cache<readonly SigningKeyRow[]>({ max: 500 });
/** Parsed private keys: parsing costs more than the rest of a refresh, and a key never changes. */
const parsedKeys = new WeakMap<Database, Map<string, KeyObject>>();

/** Whether this server holds the encryption key that the database was written with; asked before it starts. */
export async function canReadKeys({ db, vault }: Pick<Services, 'db' | 'vault'>): Promise<boolean> {
  const key = await findAnyKey(db);
  return key === null || vault.canOpen(key.sealedPrivateKey);
}

/**
 * Signs an access token (RFC 7519) with the environment's active key.
 *
 * Asynchronous on purpose: RS256 is most of a refresh, and the thread pool uses the other cores for it.
 */
export async function signAccessToken(
  services: ForKeys,
  environmentId: string,
  claims: AccessTokenClaims,
): Promise<string> {
  const key = activeKey(await keySetOf(services, environmentId), services.now());
  const header = encode({ alg: 'RS256', typ: 'JWT', kid: key.id });
  const { client } = await getEnvironment(services, environmentId);
  const payload = encode({ ...claims, iss: issuerOf(services.config, { ...client, clientId: claims.client_id }) });
  const input = `${header}.${payload}`;
  const signature = await new Promise<Buffer>((resolve, reject) => {
    sign('sha256', Buffer.from(input), privateKeyOf(services, key), (error, bytes) =>
      error ? reject(error) : resolve(bytes),
    );
  });
  return `${input}.${signature.toString('base64url')}`;
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The published keys of an environment; the first one is made when somebody first needs it. */
export async function keySetOf(services: ForKeys, environmentId: string): Promise<readonly SigningKeyRow[]> {
  const { db, now } = services;
  return keySets.get(db, environmentId, async () => {
    const known = await listKeys(db, environmentId, now());
    if (known.length > 0) return known;
    await makeFirstKey(services, environmentId);
    return listKeys(db, environmentId, now());
  });
}

async function makeFirstKey(services: ForKeys, environmentId: string): Promise<void> {
  const { db, now } = services;
  // Drawn before the transaction: others wait for whoever writes, and this takes a tenth of a second.
  const key = await drawKey(services, environmentId, now());
  await db.transaction(async (tx) => {
    if (await claimFirstKey(tx, environmentId)) await insertKey(tx, key);
  });
}

/**
 * Lets the tables be replaced, and leaves environments that come out of it without a key the keys they had. Apps remember
 * what JWKS showed them, and some look again only after half a minute: they would refuse every token until then.
 */
export async function keepKeys({ db }: Pick<Services, 'db'>, replaceTables: () => Promise<void>): Promise<void> {
  const keys = await listAllKeys(db);
  await replaceTables();
  for (const [environmentId, own] of Map.groupBy(keys, (key) => key.environmentId)) {
    if (!(await findEnvironment({ db }, environmentId))) continue;
    await db.transaction(async (tx) => {
      if (!(await claimFirstKey(tx, environmentId))) return;
      for (const key of own) await insertKey(tx, key);
    });
    keySets.forget(db, environmentId);
  }
}

function activeKey(keys: readonly SigningKeyRow[], at: Date): SigningKeyRow {
  const key = keys.findLast((candidate) => candidate.activeFromAt <= at) ?? keys[0];
  if (!key) throw new Error('The environment has no signing key.');
  return key;
}

function privateKeyOf({ db, vault }: ForKeys, key: SigningKeyRow): KeyObject {
  const parsed = parsedKeys.get(db) ?? new Map<string, KeyObject>();
  parsedKeys.set(db, parsed);
  const known = parsed.get(key.id);
  if (known) return known;
  const privateKey = createPrivateKey(vault.open(key.sealedPrivateKey, placeOf(key)));
  parsed.set(key.id, privateKey);
  return privateKey;
}

const placeOf = ({ id, environmentId }: { id: string; environmentId: string }): string =>
  `signing_keys/${id}/${environmentId}`;

async function drawKey({ vault, now }: ForKeys, environmentId: string, activeFromAt: Date): Promise<SigningKeyRow> {
  const createdAt = now();
  const id = newId('signingKey', createdAt);
  const { privateKey, publicJwk } = await newSigningKey(id, createdAt);
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return {
    id,
    environmentId,
    algorithm: 'RS256',
    sealedPrivateKey: vault.seal(pem, placeOf({ id, environmentId })),
    publicJwk,
    activeFromAt,
    removeAt: null,
    createdAt,
  };
}

/**
 * Adds a key. Normally it is published for 24 hours before it signs, and the one it replaces stays until the longest
 * token it signed is over plus 24 hours. In an emergency the new key signs now and the old ones leave at once, which
 * ends every access token they signed.
 */
export async function rotateKey(
  services: Services,
  tenant: Tenant,
  { emergency }: { emergency: boolean },
): Promise<SigningKeyRow> {
  const { db, now } = services;
  const at = now();
  const key = await drawKey(services, tenant.environmentId, emergency ? at : after(at, publishAheadMs));
  const removeAt = emergency ? at : after(key.activeFromAt, longestTokenMs + publishAheadMs);
  await db.transaction((tx: Db) => replaceKeys(services, tx, tenant, key, removeAt, emergency));
  keySets.forget(db, tenant.environmentId);
  return key;
}

async function replaceKeys(
  services: Services,
  tx: Db,
  tenant: Tenant,
  key: SigningKeyRow,
  removeAt: Date,
  emergency: boolean,
): Promise<void> {
  await claimFirstKey(tx, tenant.environmentId);
  await insertKey(tx, key);
  await retireKeys(tx, tenant.environmentId, key.id, removeAt);
  await recordEvent(services, tx, tenant, { name: 'signing_key.rotated', data: { id: key.id, emergency } });
}

/** Rotates what is due: a key signs for 90 days. Run daily. */
export async function rotateDueKeys(services: Services): Promise<void> {
  const due = await listDueEnvironments(services.db, after(services.now(), publishAheadMs - rotateAfterMs));
  for (const { environmentId } of due) await rotateKey(services, systemTenant(environmentId), { emergency: false });
}
