/**
 * Signing in at an organization's own identity provider: which connections there are, the trip of a browser there and
 * back, and whom the providers have named.
 *
 * Owns `connections`, `sso_profiles`, `sso_trips`, `sso_answers`, `sso_grants` and `sso_assertions`. It says who a provider
 * says somebody is; what that proves about a user is decided by `attempts`.
 */
export { type Assertion, readAssertion } from './assertion.ts';
export { type ConnectionRow, findActiveConnection, type Protocol, protocolOf, secretOf } from './connection.ts';
export { findConnection, listActiveConnections } from './connections.store.ts';
export { ProviderUnreachable, type SignOnResult, type Wishes } from './exchange.ts';
export { oidcCallbackUrl } from './oidc/index.ts';
export { beginTrip as beginSsoTrip, findWaitingAnswer, takeAnswer, tenantOf } from './trips.ts';
