import { type Db, type Hash, json, sql, type Tenant } from '../../core/index.ts';
import type { AuthenticationMethod } from '../../protocol/index.ts';
import type { Proven } from '../../sessions/index.ts';

export interface DeviceAuthorizationRow {
  readonly id: string;
  readonly environmentId: string;
  readonly clientId: string;
  readonly deviceCodeHash: Hash;
  readonly userCodeMac: string;
  /** Of the device, which the person is shown before they answer. */
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  /** How long the device must wait between two polls; each poll that comes too soon adds to it. */
  readonly intervalSeconds: number;
  readonly lastPolledAt: Date | null;
  /** Of the last poll. */
  readonly isPolledTooSoon: boolean;
  readonly answer: 'approved' | 'denied' | null;
  readonly answeredAt: Date | null;
  readonly userId: string | null;
  readonly browserSessionId: string | null;
  readonly organizationId: string | null;
  readonly authenticationMethod: AuthenticationMethod | null;
  readonly proven: Proven | null;
  readonly authenticatedAt: Date | null;
  readonly redeemedAt: Date | null;
  readonly sessionId: string | null;
  readonly expiresAt: Date;
  readonly createdAt: Date;
}

type NewDeviceAuthorization = Pick<
  DeviceAuthorizationRow,
  | 'id'
  | 'environmentId'
  | 'clientId'
  | 'deviceCodeHash'
  | 'userCodeMac'
  | 'ipAddress'
  | 'userAgent'
  | 'intervalSeconds'
  | 'expiresAt'
  | 'createdAt'
>;

/** @returns false when the user code is taken, which one in hundreds of millions is */
export async function insertDeviceAuthorization(db: Db, row: NewDeviceAuthorization): Promise<boolean> {
  const inserted = await db.run(sql`
    insert into device_authorizations (id, environment_id, client_id, device_code_hash, user_code_mac, ip_address,
      user_agent, interval_seconds, is_polled_too_soon, expires_at, created_at)
    values (${row.id}, ${row.environmentId}, ${row.clientId}, ${row.deviceCodeHash}, ${row.userCodeMac}, ${row.ipAddress},
      ${row.userAgent}, ${row.intervalSeconds}, 0, ${row.expiresAt}, ${row.createdAt})
    on conflict (user_code_mac) do nothing`);
  return inserted > 0;
}

/**
 * Writes down that the device asked, and whether it asked too soon: then it must wait longer from now on
 * (RFC 8628 section 3.5). One update, so that polls sent at the same time are told of each other.
 */
export function notePoll(
  db: Db,
  tenant: Tenant,
  { deviceCodeHash, clientId }: { deviceCodeHash: Hash; clientId: string },
  slowDownSeconds: number,
  at: Date,
): Promise<DeviceAuthorizationRow | null> {
  return db.maybeOne(sql<DeviceAuthorizationRow>`
    update device_authorizations set
      is_polled_too_soon = case when last_polled_at + interval_seconds * 1000 > ${at} then 1 else 0 end,
      interval_seconds = interval_seconds
        + case when last_polled_at + interval_seconds * 1000 > ${at} then ${slowDownSeconds} else 0 end,
      last_polled_at = ${at}
    where environment_id = ${tenant.environmentId} and client_id = ${clientId}
      and device_code_hash = ${deviceCodeHash}
    returning *`);
}

/**
 * What a typed user code stands for, while it waits for an answer. The person names no environment; it follows from the
 * code.
 */
export function findByUserCode(db: Db, userCodeMac: string, at: Date): Promise<DeviceAuthorizationRow | null> {
  return db.maybeOne(sql<DeviceAuthorizationRow>`
    select * from device_authorizations
    where user_code_mac = ${userCodeMac} and answer is null and expires_at > ${at}`);
}

/** One that waits for an answer. */
export function findWaiting(db: Db, tenant: Tenant, id: string, at: Date): Promise<DeviceAuthorizationRow | null> {
  return db.maybeOne(sql<DeviceAuthorizationRow>`
    select * from device_authorizations
    where id = ${id} and environment_id = ${tenant.environmentId} and answer is null and expires_at > ${at}`);
}

/** Who answers, and how they had signed in. */
export interface Answerer {
  readonly userId: string;
  readonly browserSessionId: string | null;
  readonly organizationId: string | null;
  readonly authenticationMethod: AuthenticationMethod;
  /** In the browser that approved; the device's session is held to the same policy. */
  readonly proven: Proven;
  readonly authenticatedAt: Date;
}

/** Answers, once. @returns null when somebody was first, or it is too late */
export function answerDevice(
  db: Db,
  tenant: Tenant,
  id: string,
  answer: 'approved' | 'denied',
  by: Answerer,
  at: Date,
): Promise<DeviceAuthorizationRow | null> {
  return db.maybeOne(sql<DeviceAuthorizationRow>`
    update device_authorizations set answer = ${answer}, answered_at = ${at}, user_id = ${by.userId},
      browser_session_id = ${by.browserSessionId}, organization_id = ${by.organizationId},
      authentication_method = ${by.authenticationMethod}, proven_json = ${json(by.proven)}, authenticated_at = ${by.authenticatedAt}
    where id = ${id} and environment_id = ${tenant.environmentId} and answer is null and expires_at > ${at}
    returning *`);
}

/** Hands the approval to the device, once. @returns null when it was handed out before */
export function spendDeviceCode(db: Db, tenant: Tenant, id: string, at: Date): Promise<DeviceAuthorizationRow | null> {
  return db.maybeOne(sql<DeviceAuthorizationRow>`
    update device_authorizations set redeemed_at = ${at}
    where id = ${id} and environment_id = ${tenant.environmentId} and answer = 'approved' and redeemed_at is null
      and expires_at > ${at}
    returning *`);
}

export async function noteDeviceSession(db: Db, tenant: Tenant, id: string, sessionId: string): Promise<void> {
  await db.run(sql`
    update device_authorizations set session_id = ${sessionId}
    where id = ${id} and environment_id = ${tenant.environmentId}`);
}

/** An approval of somebody who is gone is worth nothing. */
export async function deleteDevicesOfUser(db: Db, tenant: Tenant, userId: string): Promise<void> {
  await db.run(sql`
    delete from device_authorizations where environment_id = ${tenant.environmentId} and user_id = ${userId}`);
}

/** Kept for a while after their end, so that a late poll is told "expired" and not "unknown". */
export async function purgeDeviceAuthorizations(db: Db, before: Date): Promise<void> {
  await db.run(sql`delete from device_authorizations where expires_at < ${before}`);
}
