import { type Db, json, sql } from '../core/index.ts';
import type { PublicJwk } from './certificate.ts';

export interface SigningKeyRow {
  readonly id: string;
  readonly environmentId: string;
  readonly algorithm: 'RS256';
  readonly sealedPrivateKey: string;
  readonly publicJwk: PublicJwk;
  readonly activeFromAt: Date;
  /** When it leaves JWKS; null while nothing replaces it. */
  readonly removeAt: Date | null;
  readonly createdAt: Date;
}

/** The keys JWKS shows at that time, oldest first. */
export function listKeys(db: Db, environmentId: string, at: Date): Promise<SigningKeyRow[]> {
  return db.all(sql<SigningKeyRow>`
    select * from signing_keys
    where environment_id = ${environmentId} and (remove_at is null or remove_at > ${at})
    order by active_from_at, id`);
}

/** Every key of every environment, oldest first. */
export const listAllKeys = (db: Db): Promise<SigningKeyRow[]> =>
  db.all(sql<SigningKeyRow>`select * from signing_keys order by active_from_at, id`);

/** Any key there is, of whatever environment. */
export function findAnyKey(db: Db): Promise<{ sealedPrivateKey: string } | null> {
  return db.maybeOne(sql<{ sealedPrivateKey: string }>`select sealed_private_key from signing_keys limit 1`);
}

/** True for exactly one caller per environment: that one makes the first key. */
export async function claimFirstKey(db: Db, environmentId: string): Promise<boolean> {
  return (
    (await db.run(
      sql`insert into signing_key_starts (environment_id) values (${environmentId}) on conflict do nothing`,
    )) > 0
  );
}

export async function insertKey(db: Db, key: SigningKeyRow): Promise<void> {
  await db.run(sql`
    insert into signing_keys
      (id, environment_id, algorithm, sealed_private_key, public_jwk_json, active_from_at, remove_at, created_at)
    values (${key.id}, ${key.environmentId}, ${key.algorithm}, ${key.sealedPrivateKey}, ${json(key.publicJwk)},
      ${key.activeFromAt}, ${key.removeAt}, ${key.createdAt})`);
}

/** Says when the keys that a new one replaces leave JWKS; keys that leave earlier anyway stay as they are. */
export async function retireKeys(db: Db, environmentId: string, except: string, removeAt: Date): Promise<void> {
  await db.run(sql`
    update signing_keys set remove_at = ${removeAt}
    where environment_id = ${environmentId} and id <> ${except} and (remove_at is null or remove_at > ${removeAt})`);
}

/** Environments whose newest key became active before that time; keys that are leaving, early ones too, do not count. */
export function listDueEnvironments(db: Db, activeBefore: Date): Promise<{ environmentId: string }[]> {
  return db.all(sql<{ environmentId: string }>`
    select environment_id from signing_keys where remove_at is null
    group by environment_id having max(active_from_at) < ${activeBefore}`);
}
