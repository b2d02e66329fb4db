import {
  after,
  countAgainst,
  type Limit,
  minutes,
  networkOf,
  newId,
  newSecret,
  type RequestInfo,
  type Secret,
  type Services,
} from '../../core/index.ts';
import { type Client, limitFactor } from '../../environments/index.ts';
import { insertDeviceAuthorization } from './store.ts';
import { grouped, newUserCode, userCodeMac } from './user-code.ts';

/** Both codes, in seconds. */
export const deviceLifetimeSeconds = 600;
/** RFC 8628 section 3.2 makes it the default. */
export const pollIntervalSeconds = 5;

/** Each request is a row that anybody may ask for. */
const begun: Limit = { name: 'device-authorization', max: 60, windowMs: minutes(1) };

export interface DeviceCodes {
  readonly deviceCode: Secret;
  /** As the device shows it: `BCDF-GHJK`. */
  readonly userCode: string;
}

/**
 * Begins a sign-in of a device that has no browser (RFC 8628 section 3.1). It is decided elsewhere, by whoever types
 * the user code.
 *
 * @throws {TooManyRequests} when its network began too many
 */
export async function beginDeviceAuthorization(
  services: Services,
  client: Client,
  request: RequestInfo,
): Promise<DeviceCodes> {
  const { environment } = client;
  const network = `${environment.id} ${networkOf(request.ip)}`;
  await countAgainst(services, begun, network, limitFactor(services, environment));
  const deviceCode = newSecret();
  for (;;) {
    const at = services.now();
    const userCode = newUserCode();
    const isWritten = await insertDeviceAuthorization(services.db, {
      id: newId('deviceAuthorization', at),
      environmentId: environment.id,
      clientId: client.clientId,
      deviceCodeHash: deviceCode.hash(),
      userCodeMac: userCodeMac(services.vault, userCode),
      ipAddress: request.ip,
      userAgent: request.userAgent,
      intervalSeconds: pollIntervalSeconds,
      expiresAt: after(at, deviceLifetimeSeconds * 1000),
      createdAt: at,
    });
    if (isWritten) return { deviceCode, userCode: grouped(userCode.reveal()) };
  }
}
