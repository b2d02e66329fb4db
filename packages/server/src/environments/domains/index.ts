/**
 * The names of their own by which people reach an environment's pages and the API: proved by DNS, used from a click on.
 *
 * Owns `custom_domains`. `environments` reads which one is active together with the environment.
 */
export { checkPendingDomains } from './check.ts';
export { servicesAt } from './hosts.ts';
export { domainRoutes } from './routes.ts';
