import { type Db, EntityNotFound, newSecret, type Secret, type Services, type Tenant } from '../core/index.ts';
import { getEnvironmentKind } from '../environments/index.ts';
import { recordEvent } from '../events/index.ts';
import { forgetApiKey } from './authenticate-api-key.ts';
import { ApiKeyTaken, ApiKeyUnusable } from './errors.ts';
import { type ApiKeyRow, toWire } from './schema.ts';
import { findByHash, insertApiKey, markRevoked } from './store.ts';

/** What applications pattern-match on, so that a live key is not pasted where a test key belongs. */
const prefixes = { staging: 'sk_test_', production: 'sk_live_' } as const;

/** Characters that survive a header, a shell and a double click; at most `maxKeyLength` of them. */
const usableKey = /^sk_[A-Za-z0-9_-]{9,253}$/;

const lastFour = 4;

export interface NewKey {
  readonly name: string;
  /** The value, for a development server that brings its own; drawn when not given. */
  readonly secret?: Secret;
  /** Who makes it, as a person reads it; null for the platform itself. */
  readonly createdBy: string | null;
}

/**
 * Adds a key to an environment. A given value that works there already is that same key: a development server brings
 * its own each time it starts.
 *
 * @returns the row, and the secret for the only time it can be shown
 * @throws {ApiKeyUnusable | ApiKeyTaken} for a given value
 */
export async function addApiKey(
  services: Services,
  tx: Db,
  tenant: Tenant,
  { name, createdBy, ...given }: NewKey,
): Promise<{ row: ApiKeyRow; secret: Secret }> {
  const secret = given.secret ?? newSecret(prefixes[await getEnvironmentKind(tx, tenant.environmentId)]);
  if (!usableKey.test(secret.reveal())) throw new ApiKeyUnusable();
  const keyHash = secret.hash();
  const key = { name, keyHash, obfuscatedValue: obfuscated(secret.reveal()), createdBy };
  const added = await insertApiKey(tx, tenant, key, services.now());
  const row = added ?? (await findByHash(tx, keyHash));
  if (row?.environmentId !== tenant.environmentId || row.revokedAt !== null) throw new ApiKeyTaken();
  if (added) await recordEvent(services, tx, tenant, { name: 'api_key.created', data: toWire(added) });
  tx.afterCommit(() => forgetApiKey(services, keyHash));
  return { row, secret };
}

/** `sk_test_…a1B2`: enough to tell one's own keys apart, and of a drawn one far too little to guess the rest. */
function obfuscated(value: string): string {
  const prefix = /^sk_(?:(?:test|live)_)?/.exec(value)?.[0] ?? '';
  return `${prefix}…${value.slice(-lastFour)}`;
}

/**
 * Ends a key: this node refuses it from the next request on, the others within `cacheTtlMs`.
 *
 * @throws {EntityNotFound} also for a key that was revoked before
 */
export function revokeApiKey(services: Services, tenant: Tenant, id: string): Promise<void> {
  return services.db.transaction(async (tx) => {
    const row = await markRevoked(tx, tenant, id, services.now());
    if (!row) throw new EntityNotFound('API key', id);
    await recordEvent(services, tx, tenant, { name: 'api_key.revoked', data: toWire(row) });
    tx.afterCommit(() => forgetApiKey(services, row.keyHash));
  });
}
