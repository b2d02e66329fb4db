import { type Db, newId, type Services, type Tenant } from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import { queueMail } from '../mail/index.ts';
import type { SocialProvider } from '../protocol/index.ts';
import { findUser, getUser } from '../users/index.ts';
import {
  deleteIdentity,
  findIdentity,
  type IdentityRow,
  insertIdentity,
  listIdentities,
  noteEmail,
} from './identities.store.ts';
import type { Profile } from './profile.ts';
import { descriptionOf } from './providers.ts';

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

/**
 * The same for an account that was there before: its person is told, because what signs in to it from now on may be
 * somebody else's. Nothing is told of what was linked already.
 */
export async function connectIdentity(
  services: Services,
  tx: Db,
  tenant: Tenant,
  userId: string,
  provider: SocialProvider,
  profile: Pick<IdentityRow, 'subject' | 'email' | 'isEmailProven'>,
): Promise<void> {
  if (await findIdentity(tx, tenant, { provider, subject: profile.subject })) return;
  const ownerId = await linkIdentity(services, tx, tenant, userId, provider, profile);
  if (ownerId === userId) await tellOf(services, tx, tenant, userId, provider, 'connected');
}

/** Takes it away again, and tells. @returns false when it was gone already */
export async function disconnectIdentity(
  services: Services,
  tx: Db,
  tenant: Tenant,
  userId: string,
  id: string,
): Promise<boolean> {
  const identity = await deleteIdentity(tx, tenant, userId, id);
  if (!identity) return false;
  const data = { id: identity.id, provider: identity.provider, user_id: userId };
  await recordEvent(services, tx, tenant, { name: 'identity.deleted', data, userId });
  await tellOf(services, tx, tenant, userId, identity.provider, 'disconnected');
  return true;
}

async function tellOf(
  services: Services,
  tx: Db,
  tenant: Tenant,
  userId: string,
  provider: SocialProvider,
  change: 'connected' | 'disconnected',
): Promise<void> {
  const user = await findUser(tx, tenant, userId);
  if (!user) return;
  const { email, locale } = user;
  const data = { change, provider: descriptionOf(provider).label };
  await queueMail(services, tx, tenant, { to: email, locale, template: 'provider_changed', data });
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
