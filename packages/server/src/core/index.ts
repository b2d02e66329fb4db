/**
 * The ground floor. It knows no domain: routes and how they are served, errors, SQL on two engines, time, ids,
 * secrets, jobs, limits, logs. Every room may use it; it uses none of them.
 */
export { maxBodyBytes, maxBodyDepth } from './body.ts';
export { type Cache, cache, cacheTtlMs, forgetEverything } from './cache.ts';
export { after, type Clock, days, hours, MovableClock, minutes, seconds, systemClock } from './clock.ts';
export { type Config, isHttps } from './config.ts';
export {
  ApiError,
  EntityNotFound,
  type ErrorClass,
  type FieldError,
  Forbidden,
  InternalError,
  InvalidRequestParameters,
  OAuthError,
  ReauthenticationRequired,
  RouteNotFound,
  TooManyRequests,
  Unauthorized,
  Unavailable,
} from './errors.ts';
export { attributes, type Html, html, type Printable, raw } from './html.ts';
export { privatePage } from './http/answer.ts';
export type { AllowOrigin, Authenticators, MountOptions, RenderErrorPage } from './http/options.ts';
export { createHttpServer } from './http/server.ts';
export { purgeIdempotencyKeys } from './idempotency.ts';
export { bareUlid, type IdKind, idPrefix, newId } from './ids.ts';
export { createJobs, type Job, type Jobs } from './jobs.ts';
export { countAgainst, type Limit, purgeCounters } from './limits.ts';
export { createLogger, type Logger, maskEmail } from './log.ts';
export { openApiDocument } from './openapi.ts';
export { type DeadEnd, type DeveloperNote, PageError } from './page-error.ts';
export { type CookieToSet, Reply, reply } from './reply.ts';
export {
  type Auth,
  anyone,
  apiKey,
  devKey,
  type Operator,
  operator,
  type RequestInfo,
  type Route,
  route,
  signedInOperator,
} from './route.ts';
export {
  base62,
  fromBase62,
  type Hash,
  newCode,
  newSecret,
  randomBase62,
  Secret,
  sameText,
  sha256,
} from './secrets.ts';
export type { Reaction, Services } from './services.ts';
export * from './sql/index.ts';
export { type Actor, authenticatedTenant, systemTenant, type Tenant } from './tenant.ts';
export { Vault, type VaultKey, vaultKey } from './vault.ts';
export {
  listOf,
  type Page,
  type PageQuery,
  pageOf,
  pageQuery,
  timestamp,
  toList,
  toTimestamp,
  toTimestampOrNull,
} from './wire.ts';
