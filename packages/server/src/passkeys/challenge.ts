import { after, newSecret, type Services, sha256, type Tenant } from '../core/index.ts';
import { type ChallengeRow, insertChallenge, spendChallenge } from './challenge.store.ts';
import { challengeMs } from './schema.ts';

/** 256 random bits, as the bytes a browser is asked to have signed. */
export const newChallenge = (): Uint8Array<ArrayBuffer> => new TextEncoder().encode(newSecret().reveal());

type Asked = Pick<ChallengeRow, 'purpose' | 'holder' | 'userId'>;

/** @param challenge - as it stands in the options, base64url */
export async function keepChallenge(
  { db, now }: Pick<Services, 'db' | 'now'>,
  tenant: Tenant,
  challenge: string,
  asked: Asked,
): Promise<void> {
  const at = now();
  await insertChallenge(db, tenant, {
    ...asked,
    challengeHash: sha256(challenge),
    environmentId: tenant.environmentId,
    redeemedAt: null,
    expiresAt: after(at, challengeMs),
    createdAt: at,
  });
}

/** Spends a challenge, whatever comes of the answer to it: a second answer needs a second question. */
export const redeemChallenge = (
  { db, now }: Pick<Services, 'db' | 'now'>,
  tenant: Tenant,
  challenge: string,
  asked: Pick<Asked, 'purpose' | 'holder'>,
): Promise<ChallengeRow | null> => spendChallenge(db, tenant, { ...asked, challengeHash: sha256(challenge) }, now());
