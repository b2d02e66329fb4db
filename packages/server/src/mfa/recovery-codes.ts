import { type Db, EntityNotFound, Secret, type Services, sameText, type Tenant, type Vault } from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import { noteSuccess } from '../lockout/index.ts';
import { queueMail } from '../mail/index.ts';
import { lockUser } from '../users/index.ts';
import { type Person, type Presented, recordFailure, recordSuccess } from './outcome.ts';
import {
  deleteRecoveryCodes,
  insertRecoveryCode,
  listRecoveryCodes,
  type RecoveryCodeRow,
  spendRecoveryCode,
} from './recovery-codes.store.ts';

const codeCount = 10;

/** Digits and letters that nobody takes for others (Crockford's base32). Ten carry 50 bits. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const codeLength = 10;

/**
 * Makes ten codes for the user and puts those before out of force. What is kept are keyed hashes.
 *
 * @param occasionId - what they are made for: `recoveryCodesOf` shows them again until that is over
 * @throws {EntityNotFound} when the user is gone
 */
export async function issueRecoveryCodes(
  services: Services,
  tenant: Tenant,
  tx: Db,
  userId: string,
  occasionId: string,
): Promise<readonly Secret[]> {
  // Locked: two requests at the same time would otherwise leave twenty.
  if (!(await lockUser(tx, tenant, userId))) throw new EntityNotFound('User', userId);
  await deleteRecoveryCodes(tx, tenant, userId);
  const codes = recoveryCodesOf(services, tenant, userId, occasionId);
  const macKeyId = services.vault.primaryKeyId;
  for (const code of codes) {
    const owner = { environmentId: tenant.environmentId, userId, macKeyId };
    const codeMac = macOf(services.vault, owner, readCode(code.reveal()));
    await insertRecoveryCode(tx, tenant, { ...owner, codeMac, redeemedAt: null, createdAt: services.now() });
  }
  const data = { user_id: userId, count: codes.length };
  await recordEvent(services, tx, tenant, { name: 'recovery_codes.created', data, userId });
  return codes;
}

/** How many still work. */
export const countRecoveryCodes = async (db: Db, tenant: Tenant, userId: string): Promise<number> =>
  (await listRecoveryCodes(db, tenant, userId)).length;

export type RecoveryRedemption =
  /** `left` may be none: time to make new ones. */
  | { readonly outcome: 'redeemed'; readonly left: number }
  /** Also one that was used before: who has an old list learns nothing. */
  | { readonly outcome: 'wrong' };

/**
 * Spends a recovery code, once, in place of a code of the authenticator app. The caller has passed `assertMayTry`
 * for `recovery_code`, and commits whatever the outcome.
 *
 * @param presented.code - as typed: any case, with or without the hyphen
 */
export async function redeemRecoveryCode(
  services: Services,
  tenant: Tenant,
  tx: Db,
  user: Person,
  presented: Presented,
): Promise<RecoveryRedemption> {
  const at = services.now();
  const rows = await listRecoveryCodes(tx, tenant, user.id);
  const code = readCode(presented.code);
  const row = rows.find((candidate) => sameText(macOf(services.vault, candidate, code), candidate.codeMac));
  if (!row || !(await spendRecoveryCode(tx, tenant, row, at))) {
    await recordFailure(services, tenant, tx, user, presented, { outcome: 'wrong' });
    return { outcome: 'wrong' };
  }
  await noteSuccess(services, tx, tenant, user.id, 'recovery_code');
  const left = rows.length - 1;
  await recordSuccess(services, tenant, tx, user, presented);
  const data = { user_id: user.id, left };
  await recordEvent(services, tx, tenant, { name: 'recovery_code.redeemed', data, userId: user.id });
  await queueMail(services, tx, tenant, {
    to: user.email,
    locale: presented.locale ?? user.locale,
    template: 'second_factor_changed',
    data: { change: 'recovery_code_redeemed', codesLeft: left },
  });
  return { outcome: 'redeemed', left };
}

/**
 * The ten codes of an occasion, an attempt for one, in the form `k3m9q-x7v2d`. They are keyed hashes of it: the page
 * that shows them can be opened again, and nothing readable is kept for that.
 */
export const recoveryCodesOf = (
  { vault }: Pick<Services, 'vault'>,
  { environmentId }: Tenant,
  userId: string,
  occasionId: string,
): readonly Secret[] =>
  Array.from({ length: codeCount }, (_, index) => {
    const hash = vault.mac('recovery-code-value', [environmentId, userId, occasionId, index].join('\n'));
    // 256 is a multiple of 32, so each letter is as likely as the others.
    const letters = Array.from(hash.subarray(0, codeLength), (byte) => alphabet[byte % alphabet.length]).join('');
    return new Secret(`${letters.slice(0, codeLength / 2)}-${letters.slice(codeLength / 2)}`);
  });

/** As it was made, whatever a person does to it: capitals, spaces, an o for a zero. */
const readCode = (typed: string): string =>
  typed
    .slice(0, 64)
    .toLowerCase()
    .replace(/[^0-9a-z]/g, '')
    .replaceAll('o', '0')
    .replace(/[il]/g, '1');

/** Bound to environment and user: a row copied to somebody else is simply wrong. */
function macOf(
  vault: Vault,
  { environmentId, userId, macKeyId }: Pick<RecoveryCodeRow, 'environmentId' | 'userId' | 'macKeyId'>,
  code: string,
): string {
  return vault.mac('recovery-code', [environmentId, userId, code].join('\n'), macKeyId).toString('base64url');
}
