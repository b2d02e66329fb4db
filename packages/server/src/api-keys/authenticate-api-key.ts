import {
  authenticatedTenant,
  cache,
  type Db,
  type Hash,
  minutes,
  Secret,
  type Services,
  sameText,
  type Tenant,
} from '../core/index.ts';
import { markChecklistStep } from '../environments/index.ts';
import type { ApiKeyRow } from './schema.ts';
import { findByHash, writeLastUsed } from './store.ts';

/** How much finer than this "last used" is not worth a write. */
const lastUsedStepMs = minutes(1);

/** Longer is no key of ours; hashing what somebody may send without end would be work for nothing. */
export const maxKeyLength = 256;

/** A key that opens something or did once, and when this node last wrote down that it was used. */
interface KnownKey {
  readonly row: ApiKeyRow;
  usedAt: Date | null;
}

/** By hash. Null: it is no key, and asking again within seconds need not reach the database. */
const keys = cache<KnownKey | null>({ max: 5000 });

/**
 * Whose key this is. It is looked up by the hash of the whole value, so a truncated, padded or re-cased key is simply
 * another key.
 *
 * @param presented - what came after `Bearer `
 * @returns null for an unknown or revoked key; which of the two is nobody's business
 */
export async function authenticateApiKey(
  services: Pick<Services, 'db' | 'now' | 'log'>,
  presented: string,
): Promise<Tenant | null> {
  const key = await known(services, presented);
  if (!key || key.row.revokedAt !== null) return null;
  const { id, environmentId, name } = key.row;
  const tenant = authenticatedTenant(environmentId, { type: 'api_key', id, name });
  noteUse(services, tenant, key);
  return tenant;
}

/** The key, also one that was revoked; null when it never was one. */
export const whoseKey = async (services: Pick<Services, 'db'>, presented: string): Promise<ApiKeyRow | null> =>
  (await known(services, presented))?.row ?? null;

async function known({ db }: Pick<Services, 'db'>, presented: string): Promise<KnownKey | null> {
  if (presented === '' || presented.length > maxKeyLength) return null;
  const hash = new Secret(presented).hash();
  const key = await keys.get(db, hash, () => loadKey(db, hash));
  return key && sameText(key.row.keyHash, hash) ? key : null;
}

/** This node forgets it at once, the others within `cacheTtlMs`. */
export function forgetApiKey({ db }: Pick<Services, 'db'>, keyHash: string): void {
  keys.forget(db, keyHash);
}

async function loadKey(db: Db, hash: Hash): Promise<KnownKey | null> {
  const row = await findByHash(db, hash);
  return row && { row, usedAt: row.lastUsedAt };
}

/** Beside the request, which does not wait for it: a use that could not be written down is written down next time. */
function noteUse({ db, now, log }: Pick<Services, 'db' | 'now' | 'log'>, tenant: Tenant, key: KnownKey): void {
  const at = now();
  const before = key.usedAt;
  // The distance, not the age: a development clock also moves back.
  if (before !== null && Math.abs(at.getTime() - before.getTime()) < lastUsedStepMs) return;
  key.usedAt = at;
  const written = db.transaction(async (tx) => {
    await writeLastUsed(tx, tenant, key.row.id, at);
    await markChecklistStep(tx, tenant, 'api_keys');
  });
  written.catch((error: unknown) => {
    key.usedAt = before;
    log.debug({ err: error, apiKey: key.row.id }, 'The use of an API key was not written down');
  });
}
