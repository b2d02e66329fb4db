import {
  authenticatedTenant,
  countAgainst,
  type Db,
  type Limit,
  minutes,
  networkOf,
  type RequestInfo,
  type Services,
  type Tenant,
} from '../../core/index.ts';
import { type Client, findClient } from '../../environments/index.ts';
import { recordEvent } from '../../events/index.ts';
import { type Answerer, answerDevice, type DeviceAuthorizationRow, findByUserCode, findWaiting } from './store.ts';
import { readUserCode, userCodeMac } from './user-code.ts';

/** Guessing codes of strangers' devices; the same in staging. */
const typed: Limit = { name: 'device-user-code', max: 30, windowMs: minutes(10) };

/** A device that waits, and whose it is. */
export interface WaitingDevice {
  readonly authorization: DeviceAuthorizationRow;
  readonly client: Client;
  readonly tenant: Tenant;
}

/**
 * The device whose code somebody typed. Wrong, expired and answered codes are all the same null.
 *
 * @throws {TooManyRequests} when their network typed too many
 */
export async function findWaitingDevice(
  services: Services,
  userCode: string,
  request: RequestInfo,
): Promise<WaitingDevice | null> {
  const { db, vault, now } = services;
  await countAgainst(services, typed, networkOf(request.ip));
  const code = readUserCode(userCode);
  const authorization = code && (await findByUserCode(db, userCodeMac(vault, code), now()));
  if (!authorization) return null;
  const client = await findClient(services, authorization.clientId);
  if (!client?.environment.settings.deviceAuthorization) return null;
  return { authorization, client, tenant: tenantOf(authorization) };
}

/** The same by its id, for a browser that has typed the code. */
export const findWaitingDeviceById = (
  { db, now }: Pick<Services, 'db' | 'now'>,
  tenant: Tenant,
  id: string,
): Promise<DeviceAuthorizationRow | null> => findWaiting(db, tenant, id, now());

const tenantOf = ({ environmentId, clientId }: DeviceAuthorizationRow): Tenant =>
  authenticatedTenant(environmentId, { type: 'user', id: clientId, name: null });

/**
 * The person's answer, once: one update decides between two that come at the same time.
 *
 * @returns false when it was answered before, or is over
 */
export async function answerDeviceAuthorization(
  services: Services,
  tx: Db,
  tenant: Tenant,
  id: string,
  answer: 'approved' | 'denied',
  by: Answerer,
): Promise<boolean> {
  const row = await answerDevice(tx, tenant, id, answer, by, services.now());
  if (!row) return false;
  await recordEvent(services, tx, tenant, {
    name: answer === 'approved' ? 'device_authorization.approved' : 'device_authorization.denied',
    data: {
      id: row.id,
      client_id: row.clientId,
      user_id: by.userId,
      device: { ip_address: row.ipAddress, user_agent: row.userAgent },
    },
    userId: by.userId,
  });
  return true;
}
