/**
 * Environments and what an application registers in one: its client id, where browsers may be sent after signing in
 * and out, which origins may call us, how long sessions last, and by which domain of its own people reach it. Everything
 * else belongs to an environment.
 */
import type { Route } from '../core/index.ts';
import { checklistRoutes } from './checklist.routes.ts';
import { corsOriginRoutes } from './cors-origins.routes.ts';
import { domainRoutes } from './domains/index.ts';
import { settingsRoutes } from './environment.routes.ts';
import { redirectCheckRoutes } from './redirect-check.routes.ts';
import { redirectUriRoutes } from './redirect-uris.routes.ts';
import { signOutRedirectRoutes } from './sign-out-redirects.routes.ts';

export const environmentRoutes: readonly Route[] = [
  ...redirectUriRoutes,
  ...signOutRedirectRoutes,
  ...redirectCheckRoutes,
  ...corsOriginRoutes,
  ...settingsRoutes,
  ...checklistRoutes,
  ...domainRoutes,
];

export { recordChange } from './changes.ts';
export { markChecklistStep } from './checklist.ts';
export {
  type EnvironmentWithClient,
  findClient,
  findEnvironment,
  firstEnvironment,
  getAddress,
  getEnvironment,
  getEnvironmentKind,
  getSettings,
  isShownHere,
  listEnvironments,
  listShownEnvironments,
} from './clients.ts';
export { isAllowedOrigin } from './cors-origins.ts';
export { createEnvironment, type NewEnvironment } from './create-environment.ts';
export { checkPendingDomains, servicesAt } from './domains/index.ts';
export { limitFactor } from './limit-factor.ts';
export { explainRedirectRefusal } from './redirect-check.ts';
export {
  defaultRedirectUri,
  defaultSignOutRedirect,
  listRedirectUris,
  matchRedirectUri,
  matchSignOutRedirect,
} from './redirects.ts';
export { addressOf, type Client, type Environment, issuerOf } from './schema.ts';
export { fromWire as settingsFromWire, type Settings, SettingsChange } from './setting-fields.ts';
export { toRedirects, wayToAdd } from './way-to-redirects.ts';
