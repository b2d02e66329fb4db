/**
 * What only the development server has: the mailbox, the clock, reset, snapshots, sign-ins without pages, ordered
 * failures, and a provider of each kind. `serve` never mounts these routes.
 *
 * Owns no tables. The mailbox's are those of `mail`.
 */
export { createFailures, failAsOrdered } from './failures.ts';
export { type DevControls, devRoutes } from './routes.ts';
export { Seed } from './seed.ts';
export { type DevIdentity, devIdentity, setUpDevelopment } from './set-up.ts';
