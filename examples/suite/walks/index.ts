/** Every walk, in the order in which an example takes them. */
import type { Walk } from '../example.ts';
import { acting } from './acting.ts';
import { arriving } from './arriving.ts';
import { callbacks } from './callbacks.ts';
import { closing } from './closing.ts';
import { forging } from './forging.ts';
import { leaving } from './leaving.ts';
import { staying } from './staying.ts';

/** By what they are about, as the compatibility page groups them. */
export const chapters = {
  'Signing in': { ...arriving, ...callbacks },
  Sessions: staying,
  'Organizations, claims, operators': acting,
  'Signing out, and forgery': { ...leaving, ...forging },
  'In all of it': closing,
} as const;

const all = { ...arriving, ...callbacks, ...staying, ...acting, ...leaving, ...forging, ...closing };

export type WalkId = keyof typeof all;

/**
 * For an example that is sampled: each touches code that is its own (pages, the protected path, the sign-in endpoint, the
 * renewal, the switch, both forms), and the last ones look back at all of it.
 */
export const SAMPLE: readonly WalkId[] = [
  'signed-out',
  'login-endpoint',
  'deep-link',
  'reload',
  'replayed-callback',
  'renewal',
  'forged-session',
  'organizations',
  'sign-out',
  'forgery',
  'forged-switch',
  ...(Object.keys(closing) as (keyof typeof closing)[]),
];

export const walks: readonly (Walk & { readonly id: WalkId; readonly isClosing: boolean })[] = Object.entries(all).map(
  ([id, walk]) => ({ id: id as WalkId, isClosing: id in closing, ...walk }),
);
