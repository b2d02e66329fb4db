/**
 * Signing in with an account somewhere else: what each provider is like, with whose credentials an environment reaches
 * it, the journey of a browser there and back, and whose account is whose.
 *
 * Owns `identities`, `social_providers`, `social_trips` and `social_tokens`. It says who a provider says somebody is;
 * what that proves about a user is decided by `authentication`.
 */
import type { Reaction, Services } from '../core/index.ts';
import { deleteIdentitiesOfUser } from './identities.store.ts';
import { purgeTrips } from './store.ts';
import { forgetTokensOfUser, purgeTokens } from './tokens.ts';

export { contractAt } from './contract-at.ts';
export { type Credentials, simulatedCredentials } from './credentials.ts';
export type { Claims, OAuth2Contract, OidcContract, ProviderDescription } from './description.ts';
export {
  deleteIdentitiesOfUser,
  deleteIdentity,
  findIdentity,
  type IdentityRow,
  listIdentities,
} from './identities.store.ts';
export { connectIdentity, disconnectIdentity, linkIdentity, refreshIdentity } from './identities.ts';
export { marks } from './marks.ts';
export {
  callbackUrl,
  findOffered,
  listOffered,
  listProviderStates,
  type OfferedProvider,
  type ProviderState,
  simulatedBase,
} from './offered.ts';
export type { Fetch } from './outgoing.ts';
export type { Profile } from './profile.ts';
export { descriptionOf, isSocialProvider, providerOfSlug, usualOrder } from './providers.ts';
export { appleClientSecret } from './quirks/apple.ts';
export { socialRoutes } from './routes.ts';
export { identityProviders, OAuthTokens, toIdentity, toOAuthTokens } from './schema.ts';
export { dropTokens, keepTokens, type ProviderTokens, takeTokens, tieTokens } from './tokens.ts';
export { type Arrival, attemptIdOf, beginTrip, endTrip, ProviderUnreachable, type TripWishes } from './trips.ts';

/** Nothing of a user outlives them, and nothing that was linked before the owner of an address came. */
export const socialReactions: readonly Reaction[] = [
  {
    event: 'user.claimed',
    async react(_services, tx, tenant, data) {
      await deleteIdentitiesOfUser(tx, tenant, String(data.id));
    },
  },
  {
    event: 'user.deleted',
    async react(_services, tx, tenant, data) {
      await deleteIdentitiesOfUser(tx, tenant, String(data.id));
      await forgetTokensOfUser(tx, tenant, String(data.id));
    },
  },
];

/** Removes journeys and tokens that ran out before that time. */
export async function purgeSocial({ db }: Pick<Services, 'db'>, before: Date): Promise<void> {
  await purgeTrips(db, before);
  await purgeTokens(db, before);
}
