import { cache, EntityNotFound, InvalidRequestParameters, type Services, type Tenant } from '../core/index.ts';
import { recordChange } from './changes.ts';
import { findClient } from './clients.ts';
import { checkCorsOrigin } from './cors-origin-rules.ts';
import { deleteCorsOriginRow, insertCorsOrigin, isListedAnywhere, listOriginsOf } from './cors-origins.store.ts';
import { DuplicateCorsOrigin } from './errors.ts';
import type { CorsOriginRow } from './schema.ts';
import { takeClient } from './store.ts';

/** No origin is longer: a host name has at most 253 characters (RFC 1035 section 2.3.4). */
const maxOriginLength = 300;

const byClient = cache<ReadonlySet<string>>({ max: 1000 });
const anywhere = cache<boolean>({ max: 2000 });

/** @throws {InvalidRequestParameters | DuplicateCorsOrigin} */
export async function addCorsOrigin(services: Services, tenant: Tenant, origin: string): Promise<CorsOriginRow> {
  const at = services.now();
  return services.db.transaction(async (tx) => {
    const client = await takeClient(tx, tenant, at);
    const check = checkCorsOrigin(origin, client.environment);
    if (!check.allowed)
      throw new InvalidRequestParameters(check.problems.map((found) => ({ ...found, field: 'origin' })));
    const row = await insertCorsOrigin(tx, tenant, { applicationId: client.applicationId, origin }, at);
    if (!row) throw new DuplicateCorsOrigin(origin);
    await recordChange(services, tx, tenant, 'cors_origins', { before: null, after: entryOf(row) });
    tx.afterCommit(() => forgetOrigin(services, row));
    return row;
  });
}

/** @throws {EntityNotFound} */
export function removeCorsOrigin(services: Services, tenant: Tenant, id: string): Promise<void> {
  return services.db.transaction(async (tx) => {
    const row = await deleteCorsOriginRow(tx, tenant, id);
    if (!row) throw new EntityNotFound('CORS origin', id);
    await recordChange(services, tx, tenant, 'cors_origins', { before: entryOf(row), after: null });
    tx.afterCommit(() => forgetOrigin(services, row));
  });
}

const entryOf = ({ id, origin }: CorsOriginRow) => ({ id, origin });

export function forgetOrigin({ db }: Pick<Services, 'db'>, { applicationId, origin }: CorsOriginRow): void {
  byClient.forget(db, applicationId);
  anywhere.forget(db, origin);
}

/**
 * Whether a browser page of that origin may read our answers.
 *
 * @param origin - as the browser sent it: it is compared as it is, so `null` and anything fancy is simply not listed
 * @param clientId - whose request it is; null for a preflight, which names nobody and passes when any environment
 *   lists the origin
 */
export async function isAllowedOrigin(
  services: Pick<Services, 'db' | 'hostEnvironmentId'>,
  origin: string,
  clientId: string | null,
): Promise<boolean> {
  const { db } = services;
  if (origin.length > maxOriginLength) return false;
  if (clientId === null) return anywhere.get(db, origin, () => isListedAnywhere(db, origin));
  const client = await findClient(services, clientId);
  if (!client) return false;
  const origins = await byClient.get(db, client.applicationId, async () => new Set(await listOriginsOf(db, client)));
  return origins.has(origin);
}
