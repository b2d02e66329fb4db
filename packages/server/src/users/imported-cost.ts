import { setTimeout as sleep } from 'node:timers/promises';
import { cache, type Database, type Services, sql, type Tenant } from '../core/index.ts';

/** No wrong password is answered sooner in an environment with hashes of other systems; most of them take less. */
const floorMs = 500;
/** Nobody waits longer for the sake of somebody else's hash. */
const maxFloorMs = 3000;
/** How much of what the slowest hash took is forgotten with each one that is checked: a busy minute must not last. */
const forgetting = 0.9;

const importing = cache<boolean>({ max: 2000 });
const slowest = new WeakMap<Database, Map<string, number>>();

/**
 * Waits until as much time has passed as checking any password of this environment takes. A hash of another system takes
 * longer or shorter than ours, and so would tell an address that has an account from one that has none.
 *
 * Where there are only hashes of our own every check costs one of those, and nobody waits.
 *
 * @param startedAt - `performance.now()` when the check began
 */
export async function waitForTheSlowest(
  { db }: Pick<Services, 'db'>,
  tenant: Tenant,
  startedAt: number,
): Promise<void> {
  const { environmentId } = tenant;
  if (!(await importing.get(db, environmentId, () => hasImportedHashes(db, tenant)))) return;
  const floor = Math.min(maxFloorMs, Math.max(floorMs, slowest.get(db)?.get(environmentId) ?? 0));
  const left = floor - (performance.now() - startedAt);
  if (left > 0) await sleep(left);
}

/** Remembers how long an imported hash took, so that everybody else takes as long. In milliseconds. */
export function noteImportedCost({ db }: Pick<Services, 'db'>, { environmentId }: Tenant, ms: number): void {
  const known = slowest.get(db) ?? new Map<string, number>();
  slowest.set(db, known);
  known.set(environmentId, Math.max(ms, (known.get(environmentId) ?? 0) * forgetting));
}

const hasImportedHashes = async (db: Database, { environmentId }: Tenant): Promise<boolean> =>
  (await db.maybeOne(
    sql`select 1 as found from passwords where environment_id = ${environmentId} and is_imported = 1 limit 1`,
  )) !== null;
