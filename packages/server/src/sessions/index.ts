/**
 * Sessions: what apps were handed after a sign-in, how it is refreshed and ended, and the person's own sign-in at our
 * pages that they came from.
 *
 * Owns `sessions` and `browser_sessions`.
 */
import type { Reaction } from '../core/index.ts';
import { revokeSessionsOfConnection, revokeSessionsOfMember, revokeSessionsOfUser } from './logic.ts';

export { type BrowserSessionRow, holdBrowserSession, isBrowserSessionOpen } from './browser-session.store.ts';
export {
  browserCookie,
  browserTokenOf,
  clearedBrowserCookie,
  createBrowserSession,
  currentBrowserSession,
} from './browser-session.ts';
export { type Device, listDevices, signOutDevice, signOutElsewhere } from './devices.ts';
export { accessTokenOf, createSession, idleUntil, impersonationMinutes, revokeSession } from './logic.ts';
export {
  authenticatedAtOf,
  authenticationMethodOf,
  type FirstFactor,
  firstFactorOf,
  firstProofAt,
  type Impersonator,
  isBoundToOrganization,
  lastingProofs,
  type Proven,
  provesTwoFactors,
  type SsoProof,
  signOnOf,
} from './proven.ts';
export { recordReauthentication, recordSignIn } from './record-sign-in.ts';
export { type Refresh, refreshSession } from './refresh.ts';
export { refreshToken } from './refresh-token.ts';
export { rememberedRefreshes } from './rotation.store.ts';
export { sessionRoutes } from './routes.ts';
export { findSessionOfToken } from './session-of-token.ts';
export {
  findSessionAnywhere,
  purgeSessions,
  type SessionRow,
  takeExpiredImpersonations,
  touchSession,
} from './store.ts';

/**
 * Sessions end in the transaction that deletes their user, gives them another password, another address or a first owner,
 * or resets their factors; those in an organization, when the user is no active member of it any more; those that began at
 * an identity provider, when that is no longer connected.
 */
export const sessionReactions: readonly Reaction[] = [
  {
    event: 'user.deleted',
    react: (services, tx, tenant, data) => revokeSessionsOfUser(services, tx, tenant, String(data.id), 'user_deleted'),
  },
  {
    event: 'user.claimed',
    react: (services, tx, tenant, data) =>
      revokeSessionsOfUser(services, tx, tenant, String(data.id), 'credentials_changed'),
  },
  {
    event: 'user.credentials_changed',
    react: (services, tx, tenant, data) =>
      revokeSessionsOfUser(services, tx, tenant, String(data.id), 'credentials_changed'),
  },
  {
    event: 'authentication_factors.reset',
    react: (services, tx, tenant, data) => revokeSessionsOfUser(services, tx, tenant, String(data.id), 'factors_reset'),
  },
  { event: 'organization_membership.deleted', react: endSessionsOfMember },
  { event: 'connection.deactivated', react: endSessionsOfConnection },
  { event: 'connection.deleted', react: endSessionsOfConnection },
  {
    event: 'organization_membership.updated',
    react: async (services, tx, tenant, data) => {
      if (data.status !== 'active') await endSessionsOfMember(services, tx, tenant, data);
    },
  },
];

function endSessionsOfMember(...[services, tx, tenant, data]: Parameters<Reaction['react']>): Promise<void> {
  return revokeSessionsOfMember(services, tx, tenant, String(data.user_id), String(data.organization_id));
}

function endSessionsOfConnection(...[services, tx, tenant, data]: Parameters<Reaction['react']>): Promise<void> {
  return revokeSessionsOfConnection(services, tx, tenant, String(data.id));
}
