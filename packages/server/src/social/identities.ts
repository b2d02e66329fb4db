import { type Db, newId, type Services, type Tenant } from '../core/index.ts';
import type { SocialProvider } from '../protocol/index.ts';
import { getUser } from '../users/index.ts';
import { findIdentity, type IdentityRow, insertIdentity, listIdentities, noteEmail } from './identities.store.ts';
import type { Profile } from './profile.ts';

/** @throws {EntityNotFound} when there is no such user in this environment */
export async function identitiesOf(services: Services, tenant: Tenant, userId: string): Promise<IdentityRow[]> {
  await getUser(services.db, tenant, userId);
  return listIdentities(services.db, tenant, userId);
}

/**
 * Makes a provider's account one that signs this user in.
 *
 * @returns whose it is afterwards: another user's when it was theirs already, and then nothing changed
 */
export async function linkIdentity(
  { now }: Pick<Services, 'now'>,
  tx: Db,
  tenant: Tenant,
  userId: string,
  provider: SocialProvider,
  { subject, email, isEmailProven }: Pick<IdentityRow, 'subject' | 'email' | 'isEmailProven'>,
): Promise<string> {
  const at = now();
  const identity: IdentityRow = {
    id: newId('identity', at),
    environmentId: tenant.environmentId,
    provider,
    subject,
    userId,
    email,
    isEmailProven,
    createdAt: at,
    updatedAt: at,
  };
  if (await insertIdentity(tx, identity)) return userId;
  const known = await findIdentity(tx, tenant, identity);
  return known?.userId ?? userId;
}

/** Keeps the address that the provider told last, for those who look at a user. */
export async function refreshIdentity(
  { now }: Pick<Services, 'now'>,
  tx: Db,
  tenant: Tenant,
  identity: IdentityRow,
  { email }: Pick<Profile, 'email'>,
): Promise<void> {
  if (email !== identity.email) await noteEmail(tx, tenant, identity.id, email, now());
}
