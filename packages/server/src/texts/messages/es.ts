import type { Translation } from '../catalogue.ts';

export const es: Translation = {};
