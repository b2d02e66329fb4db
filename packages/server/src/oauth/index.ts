/**
 * What clients redeem: authorization codes and refresh tokens at `POST /user_management/authenticate`, and the address
 * that signs a person out.
 *
 * Owns `authorization_codes`. `sign-in` calls `issueCode` when a person is done.
 */
export { issueCode, redeemCode } from './codes.ts';
export { oauthRoutes } from './routes.ts';
export { purgeCodes } from './store.ts';
