import type { Db, Tenant } from '../core/index.ts';
import { listApiKeys } from './store.ts';

/** What tells the newest key apart that works, as it is shown on screens: `sk_test_…a1B2`. Null when none does. */
export async function newestApiKey(db: Db, tenant: Tenant): Promise<string | null> {
  const { rows } = await listApiKeys(db, tenant, { limit: 1, order: 'desc' });
  return rows[0]?.obfuscatedValue ?? null;
}
