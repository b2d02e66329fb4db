import type { Client } from '../environments/index.ts';
import type { DeadEnd, Say } from '../texts/index.ts';

/** How somebody gets on from a dead end. */
export type WayIn = Partial<Pick<DeadEnd, 'advice' | 'restart'>>;

export const toDashboard = {
  restart: { label: 'errors.openDashboard', url: '/dashboard' },
} as const satisfies WayIn;

/**
 * Our `/sign-in` sends people on to their app, so it is offered only where the app has said where sign-ins begin.
 *
 * @param advice - what else to do
 */
export const toSignIn = (app: Client | null | undefined, url: string, advice: Say): WayIn =>
  app?.signInEndpoint ? { restart: { label: 'errors.goToSignIn', url } } : { advice };
