import type { Route } from '../core/index.ts';
import { callbackRoutes } from './callback.routes.ts';
import { connectionRoutes } from './connections.routes.ts';
import { profileRoutes } from './profile.routes.ts';
import { samlKeyRoutes } from './saml/keys.routes.ts';
import { samlRoutes } from './saml/routes.ts';
import { setUpRoutes } from './set-up.routes.ts';
import { testRoutes } from './test.routes.ts';

export const ssoRoutes: readonly Route[] = [
  ...connectionRoutes,
  ...setUpRoutes,
  ...testRoutes,
  ...profileRoutes,
  ...callbackRoutes,
  ...samlRoutes,
  ...samlKeyRoutes,
];
