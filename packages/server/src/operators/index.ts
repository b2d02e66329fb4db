/**
 * The people who administer this installation: how the first one becomes the owner, and how they sign in to the
 * dashboard, which is through our own hosted pages against a built-in environment.
 *
 * Owns `operators`, `installation` and `operator_sessions`.
 */
export { authenticateOperator, operatorTenant } from './authenticate.ts';
export { createDashboardEnvironment } from './dashboard-client.ts';
export { operatorRoutes } from './routes.ts';
export { hasOwner, setupUrl } from './setup.ts';
export { purgeOperatorSessions } from './store.ts';
