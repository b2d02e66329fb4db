import type { AuthenticationResponseJSON, PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import { type Db, type RequestInfo, type Services, sameText, type Tenant } from '../core/index.ts';
import { findUser } from '../users/index.ts';
import { keepChallenge, newChallenge, redeemChallenge } from './challenge.ts';
import { readAsserted } from './credential.ts';
import { type Failure, recordFailure, recordSuccess } from './events.ts';
import { library } from './library.ts';
import { relyingParty } from './relying-party.ts';
import { challengeMs, type PasskeyRow } from './schema.ts';
import { findPasskey, findPasskeyByCredential, moveCounter, selectPasskeysOfUser } from './store.ts';
import { findPasskeyUser } from './user.store.ts';

/**
 * The options for `navigator.credentials.get()`.
 *
 * @param holder - the attempt or session of the browser that is asked
 * @param userId - whose passkey it must be; null when the passkey says who is there, which lists nobody's credentials
 */
export async function startAuthentication(
  services: Services,
  tenant: Tenant,
  { holder, userId }: { readonly holder: string; readonly userId: string | null },
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const known = userId === null ? [] : await selectPasskeysOfUser(services.db, tenant, userId);
  const options = await (await library()).generateAuthenticationOptions({
    rpID: relyingParty(services).id,
    challenge: newChallenge(),
    timeout: challengeMs,
    userVerification: 'required',
    ...(userId === null
      ? {}
      : {
          allowCredentials: known.map(({ credentialId, transports }) => ({
            id: credentialId,
            transports: [...transports],
          })),
        }),
  });
  await keepChallenge(services, tenant, options.challenge, { purpose: 'authenticate', holder, userId });
  return options;
}

/** A signature that is right. It counts once `acceptAssertion` has moved the passkey's counter. */
export interface Assertion {
  readonly passkey: PasskeyRow;
  readonly counter: number;
  readonly isBackedUp: boolean;
}

interface Presenting {
  /** JSON of the credential, as a form brought it. */
  readonly credential: string;
  readonly holder: string;
  /** Of the person's browser. */
  readonly request: Pick<RequestInfo, 'ip' | 'userAgent'>;
}

/**
 * Looks at a signature (WebAuthn level 3 section 7.2): challenge, owner, origin, host, flags, signature. It spends the
 * challenge whatever comes of it, and records what failed. People get one sentence for every reason.
 *
 * @returns null when it proves nothing
 */
export async function verifyAssertion(
  services: Services,
  tenant: Tenant,
  { credential, holder, request }: Presenting,
): Promise<Assertion | null> {
  const seen = await look(services, tenant, credential, holder);
  if ('assertion' in seen) return seen.assertion;
  await services.db.transaction((tx) => recordFailure(services, tx, tenant, request, seen));
  return null;
}

async function look(
  services: Services,
  tenant: Tenant,
  credential: string,
  holder: string,
): Promise<{ readonly assertion: Assertion } | Failure> {
  const presented = readAsserted(credential);
  if (!presented) return { code: 'passkey_unreadable', passkey: null };
  const { challenge, response } = presented;
  const asked = await redeemChallenge(services, tenant, challenge, { purpose: 'authenticate', holder });
  const passkey = await findPasskeyByCredential(services.db, tenant, response.id);
  if (!asked) return { code: 'passkey_challenge_expired', passkey };
  if (!passkey) return { code: 'passkey_unknown', passkey };
  if (asked.userId !== null && asked.userId !== passkey.userId) return { code: 'passkey_of_another_user', passkey };
  if (!(await isOwner(services, tenant, passkey, response, asked.userId)))
    return { code: 'passkey_of_another_user', passkey };
  const verified = await verify(services, challenge, response, passkey);
  return verified ? { assertion: { passkey, ...verified } } : { code: 'passkey_invalid', passkey };
}

/**
 * The authenticator says under which handle it keeps the credential. It must, where nothing else said who is there
 * (section 7.2 step 6).
 */
async function isOwner(
  { db }: Services,
  tenant: Tenant,
  { userId }: PasskeyRow,
  { response }: AuthenticationResponseJSON,
  askedUserId: string | null,
): Promise<boolean> {
  if (response.userHandle === undefined) return askedUserId !== null;
  const owner = await findPasskeyUser(db, tenant, userId);
  return owner !== null && sameText(Buffer.from(response.userHandle, 'base64url').toString(), owner.userHandle);
}

async function verify(
  services: Services,
  challenge: string,
  response: AuthenticationResponseJSON,
  passkey: PasskeyRow,
): Promise<Omit<Assertion, 'passkey'> | null> {
  const { id, origin } = relyingParty(services);
  try {
    const { verified, authenticationInfo } = await (await library()).verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: id,
      requireUserVerification: true,
      // The counter is compared where it is moved, in one statement: here two at once would both see the old one.
      credential: {
        id: passkey.credentialId,
        publicKey: Uint8Array.from(Buffer.from(passkey.publicKey, 'base64url')),
        counter: 0,
      },
    });
    const { newCounter, credentialDeviceType, credentialBackedUp } = authenticationInfo;
    // Whether it can be copied never changes (section 7.2 step 20).
    if (!verified || passkey.isSynced !== (credentialDeviceType === 'multiDevice')) return null;
    return { counter: newCounter, isBackedUp: credentialBackedUp };
  } catch (error) {
    services.log.debug({ err: error, passkeyId: passkey.id }, 'A passkey was refused');
    return null;
  }
}

/**
 * Counts a use of the passkey, in the transaction of what it is used for, which must commit whatever comes of it.
 *
 * @returns false when the counter went back, as a copy's does, or the passkey is gone
 */
export async function acceptAssertion(
  services: Services,
  tenant: Tenant,
  tx: Db,
  { passkey, counter, isBackedUp }: Assertion,
  request: Presenting['request'],
): Promise<boolean> {
  const used = await moveCounter(tx, tenant, passkey.id, { counter, isBackedUp, at: services.now() });
  if (used) {
    const user = await findUser(tx, tenant, passkey.userId);
    if (user) await recordSuccess(services, tx, tenant, request, user);
    return user !== null;
  }
  const now = await findPasskey(tx, tenant, passkey.id);
  const code = now ? 'passkey_counter_went_back' : 'passkey_unknown';
  await recordFailure(services, tx, tenant, request, { code, passkey, counter });
  return false;
}
