/**
 * The keys that sign access tokens: one set per environment, rotated with overlap, published as JWKS.
 *
 * Owns `signing_keys`. Later rooms call `signAccessToken`.
 */
export { newSigningKey } from './certificate.ts';
export { canReadKeys, keepKeys, rotateDueKeys, signAccessToken } from './logic.ts';
export { keyRoutes } from './routes.ts';
