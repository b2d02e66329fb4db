import type { Translation } from '../catalogue.ts';

export const ptBR: Translation = {};
