import { after, type Services, type Tenant } from '../core/index.ts';
import type { Settings } from '../environments/index.ts';
import { keepPasskeyUser } from './passkey-user.ts';
import { supportsPasskeys } from './relying-party.ts';
import { offerAgainAfterMs } from './schema.ts';
import { hasPasskey } from './store.ts';
import { findPasskeyUser, setOfferAgain, setOfferDeclined } from './user.store.ts';

/**
 * Whether to offer the user a passkey after they signed in another way: they have none, did not decline for good, and
 * "Not now" is long enough ago. Whether their browser could make one only a script can tell.
 */
export async function mayOfferPasskey(
  services: Pick<Services, 'db' | 'now' | 'config'>,
  tenant: Tenant,
  settings: Pick<Settings, 'passkeySignIn' | 'offerPasskeys'>,
  userId: string,
): Promise<boolean> {
  if (!settings.passkeySignIn || !settings.offerPasskeys || !supportsPasskeys(services)) return false;
  const { db, now } = services;
  const user = await findPasskeyUser(db, tenant, userId);
  if (user?.isOfferDeclined || (user?.offerAgainAt && user.offerAgainAt > now())) return false;
  return !(await hasPasskey(db, tenant, userId));
}

/** "Not now": asked again in two weeks. */
export async function postponeOffer(services: Services, tenant: Tenant, userId: string): Promise<void> {
  await keepPasskeyUser(services, tenant, userId);
  await setOfferAgain(services.db, tenant, userId, after(services.now(), offerAgainAfterMs));
}

/** "Never ask again". They may still make one at their account page. */
export async function declineOffer(services: Services, tenant: Tenant, userId: string): Promise<void> {
  await keepPasskeyUser(services, tenant, userId);
  await setOfferDeclined(services.db, tenant, userId);
}
