import type { Translation } from '../catalogue.ts';

export const ar: Translation = {};
