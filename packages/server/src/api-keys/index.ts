/** The keys with which servers call us: made, shown once, looked up by their hash, revoked. */
import type { Route } from '../core/index.ts';
import { apiKeyRoutes as routes } from './routes.ts';

export const apiKeyRoutes: readonly Route[] = routes;

export { addApiKey, type NewKey } from './add-api-key.ts';
export { authenticateApiKey } from './authenticate-api-key.ts';
export { countApiCall, countManagementCall } from './count-api-call.ts';
export { ApiKeyTaken } from './errors.ts';
export { newestApiKey } from './newest.ts';
export { noteRefusedKey } from './note-refusal.ts';
