import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { z } from 'zod';

/** Of the JSON a browser's credential becomes. An attestation object is under 1 KB; RSA keys and extensions add some. */
export const maxCredentialLength = 16 * 1024;

const base64url = z.string().regex(/^[\w-]+$/);
/** A credential id has at most 1023 bytes (WebAuthn level 3 section 4). */
const credentialId = base64url.max(1364);

const common = { id: credentialId, rawId: credentialId, type: z.literal('public-key') };

/** What we read of `RegistrationResponseJSON` (WebAuthn level 3 section 5.1.8); the rest is dropped. */
const Created = z.object({
  ...common,
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z.array(z.string().max(32)).max(16).optional(),
  }),
});

/** What we read of `AuthenticationResponseJSON`. */
const Asserted = z.object({
  ...common,
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.optional(),
  }),
});

const ClientData = z.object({
  type: z.enum(['webauthn.create', 'webauthn.get']),
  challenge: z.string().max(256),
  origin: z.string(),
  crossOrigin: z.boolean().optional(),
  topOrigin: z.string().optional(),
});

export interface Presented<Response> {
  readonly response: Response;
  /** As we sent it, if the browser is honest: base64url. */
  readonly challenge: string;
}

/** A new credential as a form brought it. Null when it is none, or was made inside somebody else's page. */
export const readCreated = (text: string): Presented<RegistrationResponseJSON> | null => read(text, Created);

/** The same, of a signature by one. */
export const readAsserted = (text: string): Presented<AuthenticationResponseJSON> | null => read(text, Asserted);

function read<S extends typeof Created | typeof Asserted>(
  text: string,
  schema: S,
): Presented<z.output<S> & Pick<AuthenticationResponseJSON, 'clientExtensionResults'>> | null {
  if (text.length > maxCredentialLength) return null;
  const credential = schema.safeParse(parsed(text));
  if (!credential.success) return null;
  const clientData = ClientData.safeParse(
    parsed(Buffer.from(credential.data.response.clientDataJSON, 'base64url').toString('utf8')),
  );
  // Our pages cannot be framed and frame nobody, so a credential from inside another page was not made on ours.
  if (!clientData.success || clientData.data.crossOrigin || clientData.data.topOrigin !== undefined) return null;
  return {
    response: { ...(credential.data as z.output<S>), clientExtensionResults: {} },
    challenge: clientData.data.challenge,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
