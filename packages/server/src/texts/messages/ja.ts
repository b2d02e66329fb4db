import type { Translation } from '../catalogue.ts';

export const ja: Translation = {};
