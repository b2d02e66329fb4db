import {
  after,
  type Db,
  EntityNotFound,
  minutes,
  newSecret,
  Secret,
  type Services,
  systemTenant,
  type Tenant,
} from '../core/index.ts';
import type { ConnectionRow } from './connection.ts';
import { findConnection } from './connections.store.ts';
import { InvalidAccessToken } from './errors.ts';
import { findGrant, type GrantRow, insertGrant, spendGrant } from './grants.store.ts';
import { findProfile, type ProfileRow } from './profiles.store.ts';

/** As `expires_in` says it. */
export const accessTokenSeconds = 600;

export interface Named {
  readonly profile: ProfileRow;
  readonly connection: ConnectionRow;
}

/**
 * Redeems a code of the standalone API, once (RFC 6749 section 4.1.3). Whatever is wrong with it, it is spent.
 *
 * @returns null when it is unknown, used, expired or another client's, or its connection is off
 */
export function redeemSsoCode(
  services: Services,
  tenant: Tenant,
  { clientId, code }: { readonly clientId: string; readonly code: Secret },
): Promise<(Named & { readonly accessToken: Secret }) | null> {
  return services.db.transaction(async (tx) => {
    const at = services.now();
    const spent = await spendGrant(tx, tenant, { tokenHash: code.hash(), kind: 'code' }, at);
    if (!spent || spent.expiresAt <= at || spent.clientId !== clientId) return null;
    const named = await namedBy(tx, tenant, spent);
    if (!named) return null;
    return { ...named, accessToken: await issueGrant(services, tx, 'access', spent, accessTokenSeconds * 1000) };
  });
}

/** Who a grant speaks of; null when the connection is off or gone, and its profiles with it. */
async function namedBy(db: Db, tenant: Tenant, { profileId }: Pick<GrantRow, 'profileId'>): Promise<Named | null> {
  const profile = await findProfile(db, tenant, profileId);
  const connection = profile && (await findConnection(db, tenant, profile.connectionId));
  return profile && connection?.state === 'active' ? { profile, connection } : null;
}

/** A new token about the same profile. */
async function issueGrant(
  { now }: Pick<Services, 'now'>,
  db: Db,
  kind: GrantRow['kind'],
  { environmentId, clientId, profileId }: Pick<GrantRow, 'environmentId' | 'clientId' | 'profileId'>,
  lifetimeMs: number,
): Promise<Secret> {
  const [token, at] = [newSecret(), now()];
  await insertGrant(db, {
    tokenHash: token.hash(),
    kind,
    environmentId,
    clientId,
    profileId,
    redeemedAt: null,
    expiresAt: after(at, lifetimeMs),
    createdAt: at,
  });
  return token;
}

/**
 * Who an SSO access token speaks of. No other token is one, and it is no other token.
 *
 * @throws {InvalidAccessToken}
 */
export async function profileOfToken(services: Services, authorization: string | null): Promise<Named> {
  const presented = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
  const tokenHash = presented === undefined ? null : new Secret(presented).hash();
  const grant = tokenHash && (await findGrant(services.db, { tokenHash, kind: 'access' }));
  if (!grant || grant.expiresAt <= services.now()) throw new InvalidAccessToken();
  const named = await namedBy(services.db, systemTenant(grant.environmentId), grant);
  if (!named) throw new InvalidAccessToken();
  return named;
}

const signOutMs = minutes(10);

/** A token that signs a profile out at its provider, once. @throws {EntityNotFound} */
export async function issueSignOut(
  services: Services,
  tenant: Tenant,
  profileId: string,
): Promise<{ readonly token: Secret; readonly connection: ConnectionRow }> {
  const named = await namedBy(services.db, tenant, { profileId });
  if (!named) throw new EntityNotFound('Profile', profileId);
  const about = { environmentId: tenant.environmentId, clientId: '', profileId };
  const token = await issueGrant(services, services.db, 'logout', about, signOutMs);
  return { token, connection: named.connection };
}

/** Redeems it. @throws {EntityNotFound} when it is unknown, used or expired */
export async function redeemSignOut(services: Services, token: string): Promise<ConnectionRow> {
  const lookedFor = { tokenHash: new Secret(token).hash(), kind: 'logout' } as const;
  const known = await findGrant(services.db, lookedFor);
  const tenant = known && systemTenant(known.environmentId);
  const at = services.now();
  const spent = tenant && (await spendGrant(services.db, tenant, lookedFor, at));
  const named = tenant && spent && spent.expiresAt > at ? await namedBy(services.db, tenant, spent) : null;
  if (!named) throw new EntityNotFound('Logout token', '[…]');
  return named.connection;
}
