/**
 * How people prove that an inbox is theirs: six-digit codes that verify an address, sign in, or change the address, and
 * links that set a new password.
 *
 * Owns `one_time_codes` and `password_resets`. Later rooms send with the `send…` functions (after `assertMaySend`) and
 * take codes with `confirmEmail` and `redeemMagicCode` (after `assertMayTryCode`); `app.ts` adds the routes and the reactions.
 */

export { confirmDecoy, redeemAddressCode, sendAddressCode } from './address-code.ts';
export { confirmEmail } from './confirm-email.ts';
export { type EmailChangeOutcome, orTaken, redeemEmailChange, sendEmailChangeEvenly } from './email-change.ts';
export {
  AuthenticationMethodNotAllowed,
  EmailChangeNotNeeded,
  EmailPasswordAuthDisabled,
  NewEmailInvalid,
  NewEmailNotAvailable,
  SignUpNotAllowed,
} from './errors.ts';
export {
  type MagicAuthentication,
  oneTimeCodeError,
  recordMagicSignIn,
  redeemMagicCode,
  sendMagicCode,
  sendMagicDecoy,
} from './magic-auth.ts';
export { assertMaySend } from './may-send.ts';
export { assertMayTryCode } from './may-try-code.ts';
export { makeDecoy } from './one-time-code.ts';
export { findResetAnywhere, purgePasswordResets } from './password-reset.store.ts';
export { askForReset, type DeadLink, inspectReset, type PasswordChange, resetPassword } from './password-reset.ts';
export { authenticationReactions } from './reactions.ts';
export { authenticationRoutes } from './routes.ts';
export { type Redemption, type Refusal, tryLimit } from './schema.ts';
export { sendVerificationCode } from './send-code.ts';
export { purgeOneTimeCodes } from './store.ts';
