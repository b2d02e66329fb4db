/**
 * What tells people from programs and their browser from a stranger's: the work a browser does before it may sign up,
 * and the devices somebody has signed in from.
 *
 * Owns `spent_proofs` and `known_devices`. A sign-up page carries `newChallenge`; whoever makes the account checks with
 * `provesWork` and spends with `spendWork`. Whoever completes a sign-in calls `noteDevice` in the same transaction.
 */
import type { Reaction } from '../core/index.ts';
import { deleteDevicesOfUser } from './device.store.ts';

export { purgeDevices } from './device.store.ts';
export { type Device, deviceCookie, deviceOf, deviceOfApp } from './device.ts';
export { noteDevice } from './note-device.ts';
export { purgeProofs } from './proof.store.ts';
export { newChallenge, provesWork, spendWork, work } from './proof-of-work.ts';

export const radarReactions: readonly Reaction[] = [
  {
    event: 'user.deleted',
    react: (_services, tx, tenant, data) => deleteDevicesOfUser(tx, tenant, String(data.id)),
  },
];
