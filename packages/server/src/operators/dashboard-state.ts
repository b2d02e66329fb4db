import { type CookieToSet, newSecret } from '../core/index.ts';

/** Ties the answer to the browser that asked; ten minutes, like the attempt. */
export const stateCookie = 'authkit-dashboard-state';
/** Holds the set-up token while its holder signs up. */
export const setupCookie = 'authkit-setup';
const stateSeconds = 600;

/** A path of the dashboard, or its start: never an address of somebody else. */
const returnPath = (path: string | undefined): string =>
  path !== undefined &&
  /^\/dashboard([/?][A-Za-z0-9_\-./?=&%+~*]*)?$/.test(path) &&
  !path.includes('//') &&
  !path.includes('..')
    ? path
    : '/dashboard';

/** What the answer of the hosted pages must bring back: unguessable, and where in the dashboard to go with it. */
export const newState = (path: string | undefined): string =>
  `${newSecret().reveal()}.${Buffer.from(returnPath(path)).toString('base64url')}`;

export const pathOf = (state: string): string =>
  returnPath(Buffer.from(state.split('.')[1] ?? '', 'base64url').toString());

export const stateCookieFor = (state: string): CookieToSet => ({
  name: stateCookie,
  value: state,
  maxAgeSeconds: stateSeconds,
});
