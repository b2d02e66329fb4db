import type { Db, Secret, Services, Tenant } from '../../core/index.ts';
import type { Client } from '../../environments/index.ts';
import type { Template } from '../../jwt-templates/index.ts';
import { holdBrowserSession, type SessionRow } from '../../sessions/index.ts';
import { findUser, noteSignIn } from '../../users/index.ts';
import { beginSession, isStillEnough, isStillProved } from '../begin-session.ts';
import { type DeviceAuthorizationRow, noteDeviceSession, notePoll, spendDeviceCode } from './store.ts';

/** What each poll that comes too soon adds to the time between two (RFC 8628 section 3.5). */
const slowDownSeconds = 5;

interface DevicePresentation {
  readonly deviceCode: Secret;
  readonly client: Client;
  readonly jwtTemplate: Template | null;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
}

export type DeviceRedemption =
  | { readonly outcome: 'redeemed'; readonly session: SessionRow }
  /** Nobody has answered; ask again after so many seconds. */
  | { readonly outcome: 'pending' | 'slow_down'; readonly intervalSeconds: number }
  | { readonly outcome: 'unknown' | 'replayed' | 'denied' | 'expired' | 'signed_out' };

/**
 * A poll of the device (RFC 8628 section 3.4). Once the person has approved, the first poll gets the session and every
 * other one nothing.
 */
export function redeemDeviceCode(
  services: Services,
  tenant: Tenant,
  presented: DevicePresentation,
): Promise<DeviceRedemption> {
  const { db, now } = services;
  const named = { deviceCodeHash: presented.deviceCode.hash(), clientId: presented.client.clientId };
  return db.transaction(async (tx) => {
    const at = now();
    const polled = await notePoll(tx, tenant, named, slowDownSeconds, at);
    const standing = standingOf(polled, at);
    if (standing.outcome !== 'approved') return standing;
    const spent = await spendDeviceCode(tx, tenant, standing.id, at);
    if (!spent) return { outcome: 'replayed' };
    const session = await begin(services, tx, tenant, presented, spent);
    return session ? { outcome: 'redeemed', session } : { outcome: 'signed_out' };
  });
}

/** State first, time second: what was used or denied stays so when a clock moves. */
function standingOf(
  row: DeviceAuthorizationRow | null,
  at: Date,
): Exclude<DeviceRedemption, { outcome: 'redeemed' }> | { readonly outcome: 'approved'; readonly id: string } {
  if (!row) return { outcome: 'unknown' };
  if (row.redeemedAt) return { outcome: 'replayed' };
  if (row.answer === 'denied') return { outcome: 'denied' };
  if (row.expiresAt <= at) return { outcome: 'expired' };
  if (row.answer === 'approved') return { outcome: 'approved', id: row.id };
  return { outcome: row.isPolledTooSoon ? 'slow_down' : 'pending', intervalSeconds: row.intervalSeconds };
}

/** @returns null when the person is gone, was signed out after they approved, or showed less than is asked for by now */
async function begin(
  services: Services,
  tx: Db,
  tenant: Tenant,
  { client, jwtTemplate, ipAddress, userAgent }: DevicePresentation,
  approved: DeviceAuthorizationRow,
): Promise<SessionRow | null> {
  const { userId, authenticationMethod, authenticatedAt, browserSessionId, proven } = approved;
  if (userId === null || authenticationMethod === null || authenticatedAt === null || proven === null) return null;
  const at = services.now();
  const user = await findUser(tx, tenant, userId);
  if (!user) return null;
  const wanted = { userId, proven, organizationId: approved.organizationId };
  if (!(await isStillProved(tx, tenant, wanted)) || !(await isStillEnough(tx, tenant, client, user, wanted)))
    return null;
  if (browserSessionId && !(await holdBrowserSession(tx, tenant, browserSessionId, at))) return null;
  await noteSignIn(tx, tenant, userId, at);
  const session = await beginSession(services, tx, tenant, jwtTemplate, {
    userId,
    client,
    // The device is no part of the browser: signing out of one does not sign out of the other.
    browserSessionId: null,
    organizationId: approved.organizationId,
    authenticationMethod,
    proven,
    impersonator: null,
    authenticatedAt,
    ipAddress,
    userAgent,
  });
  await noteDeviceSession(tx, tenant, approved.id, session.id);
  return session;
}
