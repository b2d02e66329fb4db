import type { Services } from '../core/index.ts';
import type { Environment } from './schema.ts';

/**
 * What request limits are multiplied with: staging is relaxed, unless its owner wants to meet the real ones. Never
 * for tries per code nor for failures per user, which are the same everywhere.
 */
export const limitFactor = (
  { config }: Pick<Services, 'config'>,
  { kind, settings }: Pick<Environment, 'kind' | 'settings'>,
): number => (kind === 'production' || settings.productionLimits ? 1 : config.stagingLimitFactor);
