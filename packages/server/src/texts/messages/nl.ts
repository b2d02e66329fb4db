import type { Translation } from '../catalogue.ts';

export const nl: Translation = {};
