/**
 * Signing in at an organization's own identity provider: which connections there are, the trip of a browser there and
 * back, and whom the providers have named.
 *
 * Owns `connections`, `sso_profiles`, `sso_trips`, `sso_answers`, `sso_grants`, `sso_assertions`, `saml_keys` and
 * `saml_certificate_notices`. It says who a provider says somebody is; what that proves about a user is decided by
 * `attempts`.
 */
export { type Assertion, readAssertion } from './assertion.ts';
export { servicesAtHome } from './at-home.ts';
export {
  type ConnectionRow,
  type Protocol,
  protocolOf,
  secretOf,
} from './connection.ts';
export {
  findActiveConnection,
  findConnection,
  findConnectionAnywhere,
  hasActiveConnections,
  holdActiveConnection,
  listActiveConnections,
} from './connections.store.ts';
export { SignOnLost } from './errors.ts';
export { ProviderUnreachable, type SignOnResult, type Wishes } from './exchange.ts';
export { rolesBySignOn } from './group-roles.ts';
export { oidcCallbackUrl } from './oidc/index.ts';
export { linkProfile, type ProfileRow } from './profiles.store.ts';
export { keepProfile } from './profiles.ts';
export { purgeSso } from './purge.ts';
export { ssoReactions } from './reactions.ts';
export { recordSignOn } from './record.ts';
export { ssoRoutes } from './routes.ts';
export { noteExpiringCertificates } from './saml/certificate-events.ts';
export { acsUrl, spEntityId, spMetadata } from './saml/index.ts';
export { keysOf as samlKeysOf } from './saml/keys.ts';
export {
  attributeOf,
  childOf,
  everyIn,
  namespaces as samlNamespaces,
  parseXml,
  SamlRefused,
  textOf,
} from './saml/xml.ts';
export { Profile, toProfileWire } from './schema.ts';
export { simulatedClient, simulatedIdpBase, simulatedSaml } from './simulated.ts';
export { accessTokenSeconds, redeemSsoCode } from './tokens.ts';
export { beginTrip as beginSsoTrip, findWaitingAnswer, readWaitingAnswer, takeAnswer, tenantOf } from './trips.ts';
