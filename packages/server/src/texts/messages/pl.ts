import type { Translation } from '../catalogue.ts';

export const pl: Translation = {};
