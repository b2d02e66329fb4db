import type { Route } from '../core/index.ts';
import { emailChangeRoutes } from './email-change.routes.ts';
import { emailVerificationRoutes } from './email-verification.routes.ts';
import { magicAuthRoutes } from './magic-auth.routes.ts';
import { passwordResetRoutes } from './password-reset.routes.ts';

export const authenticationRoutes: readonly Route[] = [
  ...emailVerificationRoutes,
  ...magicAuthRoutes,
  ...passwordResetRoutes,
  ...emailChangeRoutes,
];
