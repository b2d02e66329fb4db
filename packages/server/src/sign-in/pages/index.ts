/**
 * The hosted pages: pure functions from a view to a document. They know no database, no request and no attempt; a
 * route gathers the facts, a page prints them.
 */
export {
  emailField,
  type FormView,
  field,
  form,
  goodNote,
  type LinkView,
  link,
  ltr,
  message,
  type Problem,
  problemNote,
  safeHref,
  submitButton,
} from './components.ts';
export { type ConfirmRedirectView, confirmRedirectPage } from './confirm-redirect.ts';
export {
  type DeviceCodeView,
  type DeviceConfirmView,
  type DeviceDoneView,
  deviceCodePage,
  deviceConfirmPage,
  deviceDonePage,
} from './device.ts';
export { type ErrorView, errorPage } from './error.ts';
export { type ForgotPasswordView, forgotPasswordPage, type LinkSentView, linkSentPage } from './forgot-password.ts';
export { type ImpersonateView, impersonatePage } from './impersonate.ts';
export {
  type AcceptInvitationView,
  acceptInvitationPage,
  type InvitationRefusedView,
  type InviteView,
  invitationRefusedPage,
  invitePage,
  joinPage,
} from './invitation.ts';
export { type AppView, ourselves, type PageView, page } from './layout.ts';
export { type LeavingView, leavingPage } from './leaving.ts';
export { type MfaLostView, type MfaRecoveryView, type MfaView, mfaLostPage, mfaPage, mfaRecoveryPage } from './mfa.ts';
export { type MfaEnrollView, mfaEnrollPage } from './mfa-enroll.ts';
export { type NewcomerView, newcomerPage } from './newcomer.ts';
export {
  type ChangeMethodView,
  type ChooseOrganizationView,
  changeMethodPage,
  chooseOrganizationPage,
  type NotAMemberView,
  notAMemberPage,
} from './organization.ts';
export {
  type OfferPasskeyView,
  offerPasskeyPage,
  type PasskeyFormView,
  passkeyForm,
  type SecondPasskeyView,
  secondPasskeyPage,
} from './passkey.ts';
export { type PasswordView, passwordPage } from './password.ts';
export { newPasswordField } from './password-field.ts';
export { type RecoveryCodesView, recoveryCodesPage } from './recovery-codes.ts';
export {
  type OlderLinkView,
  olderLinkPage,
  type PasswordChangedView,
  passwordChangedPage,
  type ResetPasswordView,
  resetPasswordPage,
} from './reset-password.ts';
export { type SetupOwnerView, setupOwnerPage } from './setup-owner.ts';
export { type SignInView, signInPage } from './sign-in.ts';
export { type AskForCodeView, askForCodePage } from './sign-in-code.ts';
export type { SignOnView } from './sign-on.ts';
export { type SignOnConsentView, signOnConsentPage } from './sign-on-consent.ts';
export { type SignUpView, signUpPage } from './sign-up.ts';
export {
  type SignUpClosedView,
  signUpClosedPage,
  type WaitlistJoinedView,
  type WaitlistView,
  waitlistJoinedPage,
  waitlistPage,
} from './sign-up-door.ts';
export { type SignedOutView, signedOutPage } from './signed-out.ts';
export type { SocialView } from './social.ts';
export { type TellEmailView, tellEmailPage } from './tell-email.ts';
export {
  type CodeState,
  codeField,
  type ResendView,
  resendForm,
  type VerifyEmailView,
  verifyEmailPage,
} from './verify-email.ts';
