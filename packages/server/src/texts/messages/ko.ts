import type { Translation } from '../catalogue.ts';

export const ko: Translation = {};
