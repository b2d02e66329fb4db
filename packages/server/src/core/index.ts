/**
 * The ground floor. It knows no domain: routes and how they are served, errors, SQL on two engines, time, ids,
 * secrets, jobs, limits, logs. Every room may use it; it uses none of them.
 */
export { answerUrl } from './answer-url.ts';
export { cache, cacheTtlMs, forgetEverything } from './cache.ts';
export { after, days, hours, MovableClock, minutes, seconds } from './clock.ts';
export { type Config, developerUrl, isLoopbackUrl } from './config.ts';
export { type ResolveAddresses, type ResolveTxt, resolveAddresses, resolveTxt } from './dns.ts';
export {
  ApiError,
  EntityNotFound,
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
export { cookieHeader, privatePage } from './http/answer.ts';
export { addEarlyCorsHeaders } from './http/cors.ts';
export type { AllowOrigin, Authenticators } from './http/options.ts';
export { createHttpServer } from './http/server.ts';
export { purgeIdempotencyKeys } from './idempotency.ts';
export { bareUlid, newId, newIdInOrder, timeOfId } from './ids.ts';
export { createJobs, type Job, type Jobs, maxTries } from './jobs.ts';
export { countAgainst, type Limit, purgeCounters } from './limits.ts';
export { createLogger } from './log.ts';
export { networkOf } from './network.ts';
export { openApiDocument } from './openapi.ts';
export * from './outbound/index.ts';
export { type CookieToSet, Reply, reply, withCookies } from './reply.ts';
export { countRequest } from './request-limits.ts';
export {
  anyone,
  apiKey,
  devKey,
  type Operator,
  operator,
  type RequestInfo,
  type Route,
  route,
  type SentQuery,
  signedInOperator,
} from './route.ts';
export {
  base62,
  type Hash,
  newCode,
  newSecret,
  randomBase62,
  randomLetters,
  Secret,
  sameText,
  sha256,
} from './secrets.ts';
export type { Reaction, Services } from './services.ts';
export * from './sql/index.ts';
export { authenticatedTenant, systemTenant, type Tenant } from './tenant.ts';
export { Vault, vaultKey } from './vault.ts';
export {
  camelKeys,
  type Listed,
  type ListOrder,
  listOf,
  nameText,
  type Page,
  type PageQuery,
  pageBy,
  pageOf,
  pageQuery,
  several,
  snakeKeys,
  text,
  timestamp,
  toList,
  toTimestamp,
  toTimestampOrNull,
} from './wire.ts';
