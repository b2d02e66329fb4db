import type { Translation } from '../catalogue.ts';

export const it: Translation = {};
