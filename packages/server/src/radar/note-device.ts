import type { Db, Services, Tenant } from '../core/index.ts';
import { getAddress, getSettings } from '../environments/index.ts';
import { recordEvent } from '../events/index.ts';
import { queueMail } from '../mail/index.ts';
import { browserName } from '../passkeys/index.ts';
import type { UserRow } from '../users/index.ts';
import { addDevice, hasOtherDevices, touchDevice } from './device.store.ts';
import type { Device } from './device.ts';

interface SignIn {
  readonly user: Pick<UserRow, 'id' | 'email' | 'locale'>;
  readonly device: Device;
  /** Of the person's browser, not of the app's server. */
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  /** Whose page changes the password. */
  readonly clientId: string;
  /** Of the page it ended on; null: the person's own. */
  readonly locale: string | null;
}

/**
 * Remembers from where somebody signed in, and mails them when it is a device not seen before. In the transaction of
 * the sign-in: no session from a new device without its mail. The first device of all tells nobody anything, as it is
 * the one they signed up with. An operator who acts as a user is not the user, so impersonation never comes here.
 */
export async function noteDevice(
  services: Services,
  tx: Db,
  tenant: Tenant,
  { user, device, ipAddress, userAgent, clientId, locale }: SignIn,
): Promise<void> {
  const at = services.now();
  if (!(await addDevice(tx, tenant, user.id, device.hash, at)))
    return touchDevice(tx, tenant, user.id, device.hash, at);
  if (!(await hasOtherDevices(tx, tenant, user.id, device.hash))) return;
  await recordEvent(services, tx, tenant, {
    name: 'user.device_added',
    data: { id: user.id, ip_address: ipAddress, user_agent: userAgent },
    userId: user.id,
  });
  if (!(await getSettings(tx, tenant.environmentId)).newDeviceNotice) return;
  const address = await getAddress(services, tx, tenant.environmentId);
  await queueMail(services, tx, tenant, {
    to: user.email,
    locale: locale ?? user.locale,
    template: 'new_device',
    data: {
      at: at.toISOString(),
      browser: browserName(userAgent),
      ipAddress,
      changePasswordUrl: `${address}/.well-known/change-password?client_id=${clientId}`,
    },
  });
}
