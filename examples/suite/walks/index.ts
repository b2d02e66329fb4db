/** Every walk, in the order in which an example takes them. */
import type { Walk } from '../example.ts';
import { acting } from './acting.ts';
import { arriving } from './arriving.ts';
import { closing } from './closing.ts';
import { leaving } from './leaving.ts';
import { staying } from './staying.ts';

const all = { ...arriving, ...staying, ...acting, ...leaving, ...closing };

export type WalkId = keyof typeof all;

export const walks: readonly (Walk & { readonly id: WalkId })[] = Object.entries(all).map(([id, walk]) => ({
  id: id as WalkId,
  ...walk,
}));
