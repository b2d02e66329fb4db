/**
 * An authenticator in software: it makes passkeys and signs with them as WebAuthn says (level 3, sections 6.3.2 and
 * 6.3.3), and lies about whatever a test tells it to. ES256, attestation `none`.
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** What `PublicKeyCredential.toJSON()` gives, as text. */
type CredentialJson = string;

/** Each stands for an attack, or for a kind of authenticator. */
export interface Lies {
  /** Where the browser says it is. */
  readonly origin?: string;
  /** Whose credential it says it is. */
  readonly rpId?: string;
  readonly challenge?: string;
  readonly type?: string;
  readonly crossOrigin?: boolean;
  readonly userPresent?: boolean;
  readonly userVerified?: boolean;
  readonly backupEligible?: boolean;
  readonly backedUp?: boolean;
  readonly counter?: number;
  readonly aaguid?: string;
  readonly userHandle?: string | null;
  /** An attestation statement nobody asked for, as CBOR pairs. */
  readonly attestation?: { readonly format: string; readonly statement: ReadonlyMap<string, Cbor> };
  /** Turns one bit of the signature over. */
  readonly brokenSignature?: boolean;
}

interface SoftCredential {
  readonly id: string;
  readonly rpId: string;
  readonly userHandle: string;
  readonly privateKey: KeyObject;
  readonly publicKey: Buffer;
  counter: number;
}

interface CreationOptions {
  readonly rp: { readonly id?: string };
  readonly user: { readonly id: string };
  readonly challenge: string;
  readonly excludeCredentials?: readonly { readonly id: string }[];
}

interface RequestOptions {
  readonly rpId?: string;
  readonly challenge: string;
  readonly allowCredentials?: readonly { readonly id: string }[];
}

export class SoftAuthenticator {
  readonly credentials: SoftCredential[] = [];
  readonly #origin: string;

  /** @param origin - of the page it is used at */
  constructor(origin: string) {
    this.#origin = origin;
  }

  create(options: CreationOptions, lies: Lies = {}): CredentialJson {
    if (options.excludeCredentials?.some(({ id }) => this.credentials.some((known) => known.id === id)))
      throw new Error('InvalidStateError: this authenticator has a passkey of the user already');
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    const credential: SoftCredential = {
      id: randomBytes(32).toString('base64url'),
      rpId: options.rp.id ?? new URL(this.#origin).hostname,
      userHandle: options.user.id,
      privateKey,
      publicKey: coseKey(Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')),
      counter: 0,
    };
    this.credentials.push(credential);
    const { format, statement } = lies.attestation ?? { format: 'none', statement: new Map() };
    const attestationObject = cbor(
      new Map<string, Cbor>([
        ['fmt', format],
        ['attStmt', statement],
        ['authData', authenticatorData(credential, lies, true)],
      ]),
    );
    return json(credential, {
      clientDataJSON: this.#clientData('webauthn.create', options.challenge, lies).toString('base64url'),
      attestationObject: attestationObject.toString('base64url'),
      transports: ['internal'],
    });
  }

  /** Signs with the newest credential, or the one named. */
  get(options: RequestOptions, lies: Lies = {}, credential = this.credentials.at(-1)): CredentialJson {
    if (!credential) throw new Error('NotAllowedError: this authenticator has no passkey');
    const data = authenticatorData(credential, lies, false);
    const clientData = this.#clientData('webauthn.get', options.challenge, lies);
    const signature = sign('sha256', Buffer.concat([data, sha256(clientData)]), credential.privateKey);
    if (lies.brokenSignature) signature[signature.length - 1] = (signature.at(-1) ?? 0) ^ 1;
    const userHandle = lies.userHandle === undefined ? credential.userHandle : lies.userHandle;
    return json(credential, {
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: data.toString('base64url'),
      signature: signature.toString('base64url'),
      ...(userHandle === null ? {} : { userHandle }),
    });
  }

  #clientData(type: string, challenge: string, lies: Lies): Buffer {
    return Buffer.from(
      JSON.stringify({
        type: lies.type ?? type,
        challenge: lies.challenge ?? challenge,
        origin: lies.origin ?? this.#origin,
        crossOrigin: lies.crossOrigin ?? false,
      }),
    );
  }
}

const json = ({ id }: SoftCredential, response: Record<string, unknown>): CredentialJson =>
  JSON.stringify({ id, rawId: id, type: 'public-key', response, clientExtensionResults: {} });

/** WebAuthn level 3 section 6.1. */
function authenticatorData(credential: SoftCredential, lies: Lies, isNew: boolean): Buffer {
  const flags =
    ((lies.userPresent ?? true) ? 0x01 : 0) |
    ((lies.userVerified ?? true) ? 0x04 : 0) |
    (lies.backupEligible ? 0x08 : 0) |
    (lies.backedUp ? 0x10 : 0) |
    (isNew ? 0x40 : 0);
  const counter = Buffer.alloc(4);
  counter.writeUInt32BE(lies.counter ?? credential.counter);
  const head = Buffer.concat([sha256(lies.rpId ?? credential.rpId), Buffer.from([flags]), counter]);
  if (!isNew) return head;
  const id = Buffer.from(credential.id, 'base64url');
  const length = Buffer.alloc(2);
  length.writeUInt16BE(id.length);
  const aaguid = Buffer.from((lies.aaguid ?? '0'.repeat(32)).replaceAll('-', ''), 'hex');
  return Buffer.concat([head, aaguid, length, id, credential.publicKey]);
}

/** EC2, ES256, P-256 (RFC 9053 section 7.1.1). */
const coseKey = (x: Buffer, y: Buffer): Buffer =>
  cbor(
    new Map<number, Cbor>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, x],
      [-3, y],
    ]),
  );

export type Cbor = string | number | Buffer | readonly Cbor[] | ReadonlyMap<string | number, Cbor>;

/** The little of CBOR that passkeys are made of (RFC 8949). */
export function cbor(value: Cbor): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  if (value instanceof Map)
    return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, item]) => [cbor(key), cbor(item)])]);
  const items = value as readonly Cbor[];
  return Buffer.concat([head(4, items.length), ...items.map(cbor)]);
}

function head(major: number, argument: number): Buffer {
  if (argument < 24) return Buffer.from([(major << 5) | argument]);
  if (argument < 256) return Buffer.from([(major << 5) | 24, argument]);
  return Buffer.from([(major << 5) | 25, argument >> 8, argument & 0xff]);
}

const sha256 = (data: Buffer | string): Buffer => createHash('sha256').update(data).digest();
