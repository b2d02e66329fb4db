import type { en } from './messages/en/index.ts';

type English = typeof en;

/** A language while it is being translated: what it lacks is shown in English, and counted by a test. */
export type Translation = { readonly [Area in keyof English]?: { readonly [Name in keyof English[Area]]?: string } };
