/**
 * What happened: events written in the transaction of the change, what later rooms do about them, and the
 * dashboard's timelines.
 *
 * Owns `events`, `event_positions`. Later rooms call `recordEvent`, and react through `Services.reactions`.
 */

export { recordEvent } from './logic.ts';
export { placeEvents } from './positions.store.ts';
export { Event, eventRoutes, toWire } from './routes.ts';
export { newestEvents, purgeEvents } from './store.ts';
