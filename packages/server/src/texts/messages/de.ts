import type { Translation } from '../catalogue.ts';

export const de: Translation = {};
