import type { Route } from '../core/index.ts';
import { callbackRoutes } from './callback.routes.ts';
import { connectionRoutes } from './connections.routes.ts';
import { profileRoutes } from './profile.routes.ts';

export const ssoRoutes: readonly Route[] = [...connectionRoutes, ...profileRoutes, ...callbackRoutes];
