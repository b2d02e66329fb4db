import type { Translation } from '../catalogue.ts';

export const tr: Translation = {};
