import type { Translation } from '../catalogue.ts';

export const fr: Translation = {};
