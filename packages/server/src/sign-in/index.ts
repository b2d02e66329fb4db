/**
 * What a person walks through: the authorization endpoint and the hosted pages. Every page writes down what it learned
 * about the attempt and hands over to `advance`, which asks `nextStep`.
 */
import type { Route } from '../core/index.ts';
import { authorizeRoutes } from './authorize.routes.ts';
import { confirmRoutes } from './confirm.routes.ts';
import { deviceRoutes } from './device.routes.ts';
import { identifyRoutes } from './identify.routes.ts';
import { impersonateRoutes } from './impersonate.routes.ts';
import { invitationRoutes } from './invitation.routes.ts';
import { inviteRoutes } from './invite.routes.ts';
import { languageRoutes } from './language.routes.ts';
import { magicCodeRoutes } from './magic-code.routes.ts';
import { mfaRoutes } from './mfa.routes.ts';
import { mfaEnrollRoutes } from './mfa-enroll.routes.ts';
import { newcomerRoutes } from './newcomer.routes.ts';
import { offerPasskeyRoutes } from './offer-passkey.routes.ts';
import { organizationPageRoutes } from './organization.routes.ts';
import { passkeyRoutes } from './passkey.routes.ts';
import { passwordRoutes } from './password.routes.ts';
import { passwordStrengthRoutes } from './password-strength.routes.ts';
import { resetPasswordRoutes } from './reset-password.routes.ts';
import { secondPasskeyRoutes } from './second-passkey.routes.ts';
import { signOnConsentRoutes } from './sign-on-consent.routes.ts';
import { signUpRoutes } from './sign-up.routes.ts';
import { socialRoutes } from './social.routes.ts';
import { ssoPageRoutes } from './sso.routes.ts';
import { ssoAuthorizeRoutes } from './sso-authorize.routes.ts';
import { verifyEmailRoutes } from './verify-email.routes.ts';
import { waitlistRoutes } from './waitlist.routes.ts';

export { isSameOrigin } from './browser.ts';
export { countingForms } from './count-forms.ts';
export { renderErrorPage } from './error-page.ts';
export { ForgedForm, signInErrors, UnknownClient } from './errors.ts';
export { text } from './form.ts';
export { hrefOf } from './go-to.ts';
export { examples as signInExamples } from './pages/examples.ts';
export * from './pages/index.ts';
export { adviseOnPassword, PasswordAdvice } from './password-advice.ts';
export { passwordFault } from './password-fault.ts';
export { dashboardCallback } from './redirects.ts';
export { appErrorCodes } from './request.ts';
export { startAttempt } from './start.ts';
export { appOf, ourView, sourceOf, viewOf } from './view.ts';

export const signInRoutes: readonly Route[] = [
  ...authorizeRoutes,
  ...identifyRoutes,
  ...passwordRoutes,
  ...magicCodeRoutes,
  ...resetPasswordRoutes,
  ...passkeyRoutes,
  ...offerPasskeyRoutes,
  ...signUpRoutes,
  ...newcomerRoutes,
  ...passwordStrengthRoutes,
  ...verifyEmailRoutes,
  ...mfaRoutes,
  ...mfaEnrollRoutes,
  ...secondPasskeyRoutes,
  ...inviteRoutes,
  ...invitationRoutes,
  ...waitlistRoutes,
  ...organizationPageRoutes,
  ...confirmRoutes,
  ...deviceRoutes,
  ...impersonateRoutes,
  ...socialRoutes,
  ...ssoAuthorizeRoutes,
  ...ssoPageRoutes,
  ...signOnConsentRoutes,
  ...languageRoutes,
];
