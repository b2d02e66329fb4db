/** Sign-in on devices without a browser (RFC 8628): the device asks and polls, the person answers on another one. */
export { answerDeviceAuthorization, findWaitingDevice, findWaitingDeviceById, type WaitingDevice } from './answer.ts';
export { redeemDeviceCode } from './redeem.ts';
export { deviceRoutes } from './routes.ts';
export { type DeviceAuthorizationRow, deleteDevicesOfUser, purgeDeviceAuthorizations } from './store.ts';
export { groupedUserCode } from './user-code.ts';
