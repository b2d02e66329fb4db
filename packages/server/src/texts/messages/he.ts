import type { Translation } from '../catalogue.ts';

export const he: Translation = {};
