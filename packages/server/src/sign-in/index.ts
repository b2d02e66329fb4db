/**
 * What a person walks through: the authorization endpoint, the hosted pages, and the attempt that remembers what was
 * asked and what was proved. Every page hands over to `nextStep`, so no order of requests goes round a policy.
 *
 * Owns `sign_in_attempts`.
 */
import type { Reaction, Route } from '../core/index.ts';
import { authorizeRoutes } from './authorize.routes.ts';
import { confirmRoutes } from './confirm.routes.ts';
import { identifyRoutes } from './identify.routes.ts';
import { languageRoutes } from './language.routes.ts';
import { passwordRoutes } from './password.routes.ts';
import { signUpRoutes } from './sign-up.routes.ts';
import { forgetProofs } from './store.ts';
import { verifyEmailRoutes } from './verify-email.routes.ts';

export { isSameOrigin } from './browser.ts';
export { renderErrorPage } from './error-page.ts';
export { hrefOf } from './go-to.ts';
export * from './pages/index.ts';
export { dashboardCallback } from './redirects.ts';
export { startAttempt } from './start.ts';
export { purgeAttempts } from './store.ts';
export { ourView, sourceOf } from './view.ts';

/** A password or address that is no longer the user's finishes no sign-in that it began. */
export const signInReactions: readonly Reaction[] = [
  {
    event: 'user.credentials_changed',
    react: (_services, tx, tenant, data) => forgetProofs(tx, tenant, String(data.id)),
  },
];

export const signInRoutes: readonly Route[] = [
  ...authorizeRoutes,
  ...identifyRoutes,
  ...passwordRoutes,
  ...signUpRoutes,
  ...verifyEmailRoutes,
  ...confirmRoutes,
  ...languageRoutes,
];
