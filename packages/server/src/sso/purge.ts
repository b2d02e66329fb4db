import type { Services } from '../core/index.ts';
import { purgeGrants } from './grants.store.ts';
import { purgeAssertions } from './saml/index.ts';
import { purgeTrips } from './trips.store.ts';

/** Removes trips, answers, tokens and used assertions that ran out before that time. */
export async function purgeSso({ db }: Pick<Services, 'db'>, before: Date): Promise<void> {
  await purgeTrips(db, before);
  await purgeGrants(db, before);
  await purgeAssertions(db, before);
}
