import type { PublicKeyCredentialCreationOptionsJSON, VerifiedRegistrationResponse } from '@simplewebauthn/server';
import { type Db, newId, type RequestInfo, type Services, type Tenant } from '../core/index.ts';
import type { Client, Environment } from '../environments/index.ts';
import { recordEvent } from '../events/index.ts';
import { lockUser, type UserRow } from '../users/index.ts';
import { keepChallenge, newChallenge, redeemChallenge } from './challenge.ts';
import { readCreated } from './credential.ts';
import { assertFreshProof } from './fresh-proof.ts';
import { helpers, type Library, library } from './library.ts';
import { tellOfPasskey } from './logic.ts';
import { defaultName } from './names.ts';
import { keepPasskeyUser } from './passkey-user.ts';
import { relyingParty } from './relying-party.ts';
import { challengeMs, maxPasskeysPerUser, type PasskeyRow, toWire } from './schema.ts';
import { findPasskeyByCredential, insertPasskey, selectPasskeysOfUser } from './store.ts';

/**
 * What every platform makes; a browser warns when the first and the last are missing. EdDSA, ES256 and RS256 by their
 * numbers in COSE (RFC 9053 section 2, RFC 8812 section 2).
 */
const algorithms = [-8, -7, -257];

interface Registering {
  readonly user: UserRow;
  /** The attempt or session of the browser that is asked. Nobody else can answer. */
  readonly holder: string;
  /** When the person last proved who they are. */
  readonly authenticatedAt: Date;
}

/**
 * The options for `navigator.credentials.create()`: a discoverable credential, so that nobody types an address, behind
 * a fingerprint, face or PIN, so that it counts as two factors. What made it is not attested: we would refuse nobody.
 *
 * @throws {ReauthenticationRequired} when the person proved who they are too long ago
 */
export async function startRegistration(
  services: Services,
  tenant: Tenant,
  { client, user, holder, authenticatedAt }: Registering & { readonly client: Client },
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  assertFreshProof(services, authenticatedAt);
  const known = await selectPasskeysOfUser(services.db, tenant, user.id);
  const { userHandle } = await keepPasskeyUser(services, tenant, user.id);
  const options = await (await library()).generateRegistrationOptions({
    rpName: client.applicationName,
    rpID: relyingParty(services).id,
    userName: user.email,
    userDisplayName: displayName(user, client.environment),
    userID: new TextEncoder().encode(userHandle),
    challenge: newChallenge(),
    timeout: challengeMs,
    attestationType: 'none',
    excludeCredentials: known.map(({ credentialId, transports }) => ({
      id: credentialId,
      transports: [...transports],
    })),
    authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
    supportedAlgorithmIDs: algorithms,
  });
  await keepChallenge(services, tenant, options.challenge, { purpose: 'register', holder, userId: user.id });
  return options;
}

/** One host may serve several environments, whose passkeys a browser lists side by side. */
function displayName(user: UserRow, environment: Environment): string {
  const name = [user.firstName, user.lastName].filter(Boolean).join(' ') || user.name || user.email;
  return environment.kind === 'staging' ? `${name} (${environment.name})` : name;
}

export type Registration =
  | { readonly outcome: 'registered'; readonly passkey: PasskeyRow }
  /** The question was another one, is too old, or was answered before; or what was proved counts no more. */
  | { readonly outcome: 'stale' }
  /** This authenticator's passkey is here already. */
  | { readonly outcome: 'known' }
  | { readonly outcome: 'too_many' }
  /** `why` is for the log. */
  | { readonly outcome: 'refused'; readonly why: string };

interface NewCredential extends Omit<Registering, 'authenticatedAt'> {
  /** JSON of what the browser made, as a form brought it. */
  readonly credential: string;
  readonly request: Pick<RequestInfo, 'userAgent'>;
}

/**
 * Takes the credential a browser made (WebAuthn level 3 section 7.1).
 *
 * @param stillStands - whether what the person proved counts yet, asked in the transaction that keeps the passkey: the
 *   account may have been claimed by its owner, or the session ended, since somebody looked
 */
export async function registerPasskey(
  services: Services,
  tenant: Tenant,
  { user, holder, credential, request }: NewCredential,
  stillStands: (tx: Db) => Promise<boolean>,
): Promise<Registration> {
  const presented = readCreated(credential);
  if (!presented) return { outcome: 'refused', why: 'not a new credential of our own page' };
  const { challenge, response } = presented;
  const asked = await redeemChallenge(services, tenant, challenge, { purpose: 'register', holder });
  if (asked?.userId !== user.id) return { outcome: 'stale' };
  const verified = await verify(services, challenge, response);
  if ('why' in verified) return { outcome: 'refused', why: verified.why };
  const at = services.now();
  const { aaguid, credential: made, credentialDeviceType, credentialBackedUp } = verified;
  const passkey: PasskeyRow = {
    id: newId('passkey', at),
    environmentId: tenant.environmentId,
    userId: user.id,
    credentialId: made.id,
    publicKey: Buffer.from(made.publicKey).toString('base64url'),
    counter: made.counter,
    transports: made.transports ?? [],
    aaguid,
    name: defaultName(aaguid, request.userAgent),
    isSynced: credentialDeviceType === 'multiDevice',
    isBackedUp: credentialBackedUp,
    lastUsedAt: null,
    createdAt: at,
    updatedAt: at,
  };
  return keep(services, tenant, passkey, stillStands);
}

type Verified = NonNullable<VerifiedRegistrationResponse['registrationInfo']>;

async function verify(
  services: Services,
  challenge: string,
  response: Parameters<Library['verifyRegistrationResponse']>[0]['response'],
): Promise<Verified | { readonly why: string }> {
  const { id, origin } = relyingParty(services);
  try {
    if (await bringsCertificates(response.response.attestationObject))
      return { why: 'an attestation nobody asked for' };
    const { registrationInfo } = await (await library()).verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: id,
      requireUserVerification: true,
      supportedAlgorithmIDs: algorithms,
    });
    if (!registrationInfo) return { why: 'the attestation is wrong' };
    // The library names the credential after the attested data, the browser after what it says itself.
    if (registrationInfo.credential.id !== response.id) return { why: 'two credential ids' };
    return registrationInfo;
  } catch (error) {
    return { why: error instanceof Error ? error.message : 'unreadable' };
  }
}

/**
 * Whether there is more than we asked for. Certificates would make the library fetch revocation lists from addresses
 * written in them, which anybody could write. A browser leaves `packed` without certificates as it is (WebAuthn level 3
 * section 5.4.7).
 */
async function bringsCertificates(attestationObject: string): Promise<boolean> {
  const { decodeAttestationObject, isoBase64URL } = await helpers();
  const decoded = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject));
  const format = decoded.get('fmt');
  return format !== 'none' && !(format === 'packed' && decoded.get('attStmt').get('x5c') === undefined);
}

function keep(
  services: Services,
  tenant: Tenant,
  passkey: PasskeyRow,
  stillStands: (tx: Db) => Promise<boolean>,
): Promise<Registration> {
  return services.db.transaction(async (tx) => {
    // Held, so that nobody who is being deleted gets a passkey, and two at once cannot both be the last that fits.
    const held = await lockUser(tx, tenant, passkey.userId);
    if (!held) return { outcome: 'refused', why: 'the user is gone' };
    const known = await selectPasskeysOfUser(tx, tenant, passkey.userId);
    if (known.length >= maxPasskeysPerUser) return { outcome: 'too_many' };
    if (await findPasskeyByCredential(tx, tenant, passkey.credentialId)) return { outcome: 'known' };
    if (!(await stillStands(tx))) return { outcome: 'stale' };
    if (!(await insertPasskey(tx, tenant, passkey))) return { outcome: 'known' };
    await recordEvent(services, tx, tenant, { name: 'passkey.created', data: toWire(passkey), userId: passkey.userId });
    await tellOfPasskey(services, tx, tenant, held, 'added');
    return { outcome: 'registered', passkey };
  });
}
