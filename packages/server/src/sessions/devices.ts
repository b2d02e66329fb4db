import { type Db, EntityNotFound, type Services, sql, type Tenant } from '../core/index.ts';
import { getEnvironment } from '../environments/index.ts';
import type { AuthenticationMethod } from '../protocol/index.ts';
import { type BrowserSessionRow, endBrowserSession } from './browser-session.store.ts';
import { cutOffs } from './clocks.ts';
import { revokeSession, revokeSessionsElsewhere } from './logic.ts';
import { findSession, type SessionRow } from './store.ts';

/** Where somebody is signed in: a browser, with every app they opened in it, or an app or device by itself. */
export interface Device {
  readonly id: string;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly authenticationMethod: AuthenticationMethod;
  readonly signedInAt: Date;
  /** A person of the support team acts as the user. */
  readonly isImpersonated: boolean;
}

/** More than anybody looks through; the newest ones count. */
const maxShown = 50;

/** Where a user is signed in by the clocks of today, newest first. An app outlives the browser's sign-in it came from, and then stands alone. */
export async function listDevices(services: Services, tenant: Tenant, userId: string): Promise<readonly Device[]> {
  const { db, now } = services;
  const at = now();
  const { settings } = await getEnvironment(services, tenant.environmentId);
  const { begunAfter, usedAfter } = cutOffs(settings, at);
  const goesOn = sql`ended_at is null and expires_at > ${at} and idle_expires_at > ${at}`;
  const isBrowserOpen = sql`${goesOn} and authenticated_at > ${begunAfter} and (used_at is null or used_at > ${usedAfter})`;
  const browsers = await db.all(sql<BrowserSessionRow>`
    select * from browser_sessions
    where environment_id = ${tenant.environmentId} and user_id = ${userId} and ${isBrowserOpen}
    order by authenticated_at desc, id desc limit ${maxShown}`);
  const alone = await db.all(sql<SessionRow>`
    select * from sessions
    where environment_id = ${tenant.environmentId} and user_id = ${userId} and ${goesOn}
      and created_at > ${begunAfter} and updated_at > ${usedAfter}
      and (browser_session_id is null or browser_session_id not in (
        select id from browser_sessions where user_id = ${userId} and ${isBrowserOpen}))
    order by created_at desc, id desc limit ${maxShown}`);
  return [...browsers.map(ofBrowser), ...alone.map(ofSession)].sort(
    (a, b) => b.signedInAt.getTime() - a.signedInAt.getTime(),
  );
}

const ofBrowser = (row: BrowserSessionRow): Device => ({
  id: row.id,
  ipAddress: row.ipAddress,
  userAgent: row.userAgent,
  authenticationMethod: row.authenticationMethod,
  signedInAt: row.authenticatedAt,
  isImpersonated: false,
});

const ofSession = (row: SessionRow): Device => ({
  id: row.id,
  ipAddress: row.ipAddress,
  userAgent: row.userAgent,
  authenticationMethod: row.authenticationMethod,
  signedInAt: row.createdAt,
  isImpersonated: row.impersonator !== null,
});

/**
 * Signs a user out on one device: with a browser end the sessions of the apps that were opened in it.
 *
 * @throws {EntityNotFound} when it is not this user's
 */
export async function signOutDevice(
  services: Services,
  tx: Db,
  tenant: Tenant,
  userId: string,
  deviceId: string,
): Promise<void> {
  const session = await findSession(tx, tenant, deviceId);
  if (session?.userId === userId) {
    await revokeSession(services, tx, tenant, session.id, 'signed_out');
    return;
  }
  const browser = await tx.maybeOne(sql<{ id: string }>`
    select id from browser_sessions
    where environment_id = ${tenant.environmentId} and user_id = ${userId} and id = ${deviceId}`);
  if (!browser) throw new EntityNotFound('Device', deviceId);
  // The browser first: a code being exchanged holds the sign-in it came from, and the session it makes must be seen below.
  await endBrowserSession(tx, tenant, browser.id, services.now());
  const opened = await tx.all(sql<{ id: string }>`
    select id from sessions
    where environment_id = ${tenant.environmentId} and browser_session_id = ${browser.id} and ended_at is null`);
  for (const { id } of opened) await revokeSession(services, tx, tenant, id, 'signed_out');
}

/** Signs a user out everywhere but in one browser and the apps that were opened in it. Also where no list shows. */
export function signOutElsewhere(
  services: Services,
  tenant: Tenant,
  userId: string,
  browserSessionId: string,
): Promise<void> {
  return services.db.transaction((tx) => revokeSessionsElsewhere(services, tx, tenant, userId, browserSessionId));
}
