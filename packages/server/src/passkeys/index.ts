/**
 * Passkeys (WebAuthn credentials): how a browser is asked to make or to use one, what its answer proves, and who wants
 * to be offered one. One that was used has proved both factors, as none is made or taken without a fingerprint, face or PIN.
 *
 * Owns `passkeys`, `passkey_users` and `passkey_challenges`. A sign-in asks with `startAuthentication`, looks at the
 * answer with `verifyAssertion` and counts it with `acceptAssertion`; the account page lists, renames, adds and removes.
 */
import type { Reaction } from '../core/index.ts';
import { deleteChallengesOfUser } from './challenge.store.ts';
import { deletePasskeysOfUser } from './store.ts';
import { deletePasskeyUser } from './user.store.ts';

export { type Assertion, acceptAssertion, startAuthentication, verifyAssertion } from './authenticate.ts';
export { purgePasskeyChallenges } from './challenge.store.ts';
export { maxCredentialLength } from './credential.ts';
export { isFreshProof } from './fresh-proof.ts';
export { listPasskeys, removeOwnPasskey, renamePasskey } from './logic.ts';
export { browserName } from './names.ts';
export { declineOffer, mayOfferPasskey, postponeOffer } from './offers.ts';
export { type Registration, registerPasskey, startRegistration } from './register.ts';
export { supportsPasskeys } from './relying-party.ts';
export { passkeyRoutes } from './routes.ts';
export { type PasskeyRow, passkeyName } from './schema.ts';
export { hasPasskey } from './store.ts';

/** Passkeys go with their user. */
export const passkeyReactions: readonly Reaction[] = [
  {
    // Made by whoever had the account before its owner proved the inbox.
    event: 'user.claimed',
    react: (_services, tx, tenant, data) => deletePasskeysOfUser(tx, tenant, String(data.id)),
  },
  {
    event: 'user.deleted',
    react: async (_services, tx, tenant, data) => {
      const userId = String(data.id);
      await deletePasskeysOfUser(tx, tenant, userId);
      await deletePasskeyUser(tx, tenant, userId);
      await deleteChallengesOfUser(tx, tenant, userId);
    },
  },
];
