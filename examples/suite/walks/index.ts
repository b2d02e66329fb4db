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

export const walks: readonly (Walk & { readonly id: WalkId; readonly isClosing: boolean })[] = Object.entries(all).map(
  ([id, walk]) => ({ id: id as WalkId, isClosing: id in closing, ...walk }),
);
