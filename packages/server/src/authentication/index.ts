/**
 * How people prove who they are. So far: that an address is theirs, by a six-digit code mailed to it.
 *
 * Owns `email_verifications`. Later rooms send codes with `sendVerificationCode` (after `assertMaySend`) and take them
 * with `confirmEmail`; `app.ts` adds the routes and the reactions.
 */

export { confirmEmail } from './confirm-email.ts';
export { authenticationReactions } from './reactions.ts';
export { authenticationRoutes } from './routes.ts';
export { type Redemption, type Refusal, tryLimit } from './schema.ts';
export { assertMaySend, sendVerificationCode } from './send-code.ts';
export { purgeEmailVerifications } from './store.ts';
