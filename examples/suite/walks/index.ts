/** Every walk, in the order in which an example takes them. */
import type { Walk } from '../example.ts';
import { acting } from './acting.ts';
import { arriving } from './arriving.ts';
import { closing } from './closing.ts';
import { leaving } from './leaving.ts';
import { staying } from './staying.ts';

/** By what they are about, as the compatibility page groups them. */
export const chapters = {
  'Signing in': arriving,
  Sessions: staying,
  'Organizations, claims, operators': acting,
  'Signing out': leaving,
  'In all of it': closing,
} as const;

const all = { ...arriving, ...staying, ...acting, ...leaving, ...closing };

export type WalkId = keyof typeof all;

export const walks: readonly (Walk & { readonly id: WalkId })[] = Object.entries(all).map(([id, walk]) => ({
  id: id as WalkId,
  ...walk,
}));

/** Ends the platform. */
export const lastWalk: WalkId = 'outage';
