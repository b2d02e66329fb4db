/**
 * What clients redeem: authorization codes, refresh tokens and device codes at `POST /user_management/authenticate`, and
 * the address that signs a person out.
 *
 * Owns `authorization_codes` and `device_authorizations`. `sign-in` calls `issueCode` when a person is done, and answers
 * devices on its page.
 */
import type { Reaction } from '../core/index.ts';
import { deleteDevicesOfUser } from './device/index.ts';

export { issueCode, redeemCode } from './codes.ts';
export {
  answerDeviceAuthorization,
  type DeviceAuthorizationRow,
  findWaitingDevice,
  findWaitingDeviceById,
  groupedUserCode,
  purgeDeviceAuthorizations,
  redeemDeviceCode,
  type WaitingDevice,
} from './device/index.ts';
export { oauthRoutes } from './routes.ts';
export { purgeCodes } from './store.ts';

export const oauthReactions: readonly Reaction[] = [
  {
    event: 'user.deleted',
    react: (_services, tx, tenant, data) => deleteDevicesOfUser(tx, tenant, String(data.id)),
  },
];
