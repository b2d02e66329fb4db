import type { Translation } from '../catalogue.ts';

export const zhHans: Translation = {};
