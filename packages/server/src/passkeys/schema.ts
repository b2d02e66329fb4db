import { z } from 'zod';
import { days, minutes, timestamp, toTimestamp, toTimestampOrNull } from '../core/index.ts';

/** How long a browser may take to answer. */
export const challengeMs = minutes(5);

/** How long "Not now" is respected. */
export const offerAgainAfterMs = days(14);

/** How long ago a signed-in person may have proved who they are, to add or remove a passkey. */
export const freshProofMs = minutes(10);

/** Nobody has that many authenticators; without an end somebody's script would find one. */
export const maxPasskeysPerUser = 20;

/** A name as a person types it. In characters, so that it fits a line. */
export const passkeyName = z.string().trim().min(1).max(64);

export interface PasskeyRow {
  readonly id: string;
  readonly environmentId: string;
  readonly userId: string;
  /** The authenticator's own name for it, base64url. */
  readonly credentialId: string;
  /** COSE_Key (RFC 9052 section 7), base64url. */
  readonly publicKey: string;
  /** As last seen; 0 for authenticators that do not count. */
  readonly counter: number;
  readonly transports: readonly string[];
  /** Which model of authenticator made it; zeros where it does not say. */
  readonly aaguid: string;
  readonly name: string;
  /** It may be copied between devices. Fixed when it is made (WebAuthn level 3 section 6.1.3, "backup eligible"). */
  readonly isSynced: boolean;
  /** It was copied by the time it was used last. */
  readonly isBackedUp: boolean;
  readonly lastUsedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const Passkey = z
  .object({
    object: z.literal('passkey'),
    id: z.string(),
    user_id: z.string(),
    name: z.string().describe('Given by the person, or after what made the passkey.'),
    aaguid: z.string().describe('The model of authenticator that made it; zeros where it does not say.'),
    transports: z.array(z.string()).describe('How a browser reaches it: `internal`, `hybrid`, `usb`, `nfc`, `ble`.'),
    synced: z.boolean().describe('It may be copied between the person’s devices.'),
    backed_up: z.boolean().describe('It was copied by the time it was used last.'),
    last_used_at: timestamp.nullable(),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'Passkey' });

export const toWire = (row: PasskeyRow): z.input<typeof Passkey> => ({
  object: 'passkey',
  id: row.id,
  user_id: row.userId,
  name: row.name,
  aaguid: row.aaguid,
  transports: [...row.transports],
  synced: row.isSynced,
  backed_up: row.isBackedUp,
  last_used_at: toTimestampOrNull(row.lastUsedAt),
  created_at: toTimestamp(row.createdAt),
  updated_at: toTimestamp(row.updatedAt),
});
