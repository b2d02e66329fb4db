import type { Route } from '../core/index.ts';
import { meRoutes } from './me.routes.ts';
import { setupRoutes } from './setup.routes.ts';
import { operatorSignInRoutes } from './sign-in.routes.ts';

export const operatorRoutes: readonly Route[] = [...setupRoutes, ...operatorSignInRoutes, ...meRoutes];
