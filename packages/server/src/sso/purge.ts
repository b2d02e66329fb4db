import type { Services } from '../core/index.ts';
import { purgeGrants } from './grants.store.ts';
import { purgeTrips } from './trips.store.ts';

/** Removes trips, answers and tokens that ran out before that time. */
export async function purgeSso({ db }: Pick<Services, 'db'>, before: Date): Promise<void> {
  await purgeTrips(db, before);
  await purgeGrants(db, before);
}
