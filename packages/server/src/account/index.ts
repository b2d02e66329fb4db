/**
 * The hosted account page: what a signed-in person sees and changes of their account. Their browser's own sign-in is the
 * credential; what changes how they sign in asks for a proof of the last ten minutes.
 *
 * Owns no tables: it shows what the rooms before it keep.
 */
import type { Route } from '../core/index.ts';
import { changePasswordRoutes } from './change-password.routes.ts';
import { connectedRoutes } from './connected.routes.ts';
import { emailRoutes } from './email.routes.ts';
import { overviewRoutes } from './overview.routes.ts';
import { passkeyRoutes } from './passkeys.routes.ts';
import { passwordRoutes } from './password.routes.ts';
import { passwordStrengthRoutes } from './password-strength.routes.ts';
import { profileRoutes } from './profile.routes.ts';
import { secondStepRoutes } from './second-step.routes.ts';
import { accountSignInRoutes } from './sign-in.routes.ts';

export { accountExamples } from './pages/examples.ts';

export const accountRoutes: readonly Route[] = [
  ...overviewRoutes,
  ...profileRoutes,
  ...emailRoutes,
  ...passwordRoutes,
  ...changePasswordRoutes,
  ...passwordStrengthRoutes,
  ...passkeyRoutes,
  ...secondStepRoutes,
  ...connectedRoutes,
  ...accountSignInRoutes,
];
