/**
 * What only the development server has: the mailbox, the clock, reset, snapshots, and a provider of each kind. `serve` never mounts these routes.
 *
 * Owns no tables. The mailbox's are those of `mail`.
 */
export { type DevControls, devRoutes } from './routes.ts';
export { Seed } from './seed.ts';
export { type DevIdentity, devIdentity, setUpDevelopment } from './set-up.ts';
