import {
  after,
  type Db,
  newCode,
  newId,
  newSecret,
  type Secret,
  type Services,
  sameText,
  type Tenant,
  type Vault,
} from '../core/index.ts';
import { type Owner, ownerIdOf } from '../lockout/index.ts';
import { type CodePurpose, codeLifetimeMs, type OneTimeCodeRow, type Redemption, tryLimit } from './schema.ts';
import { type CodeKey, findCode, replaceCode, spendCode, takeTry } from './store.ts';

const idKinds = {
  email_verification: 'emailVerification',
  magic_auth: 'magicAuth',
  email_change: 'emailChange',
} as const;

interface NewCode<Purpose extends CodePurpose> {
  readonly purpose: Purpose;
  readonly owner: Owner;
  /** The one address it is mailed to. */
  readonly email: string;
  /** The sign-in at our pages that asks for it, and then the only one that may use it. */
  readonly attemptId?: string | null;
}

/** Puts a new code of six digits in force; the caller mails it. Codes of the same purpose from before stop working. */
export async function makeCode<Purpose extends CodePurpose>(
  services: Services,
  tenant: Tenant,
  tx: Db,
  wanted: NewCode<Purpose>,
): Promise<{ row: OneTimeCodeRow & { readonly purpose: Purpose }; code: Secret }> {
  const code = newCode();
  const row = newRow(services, tenant, wanted, code);
  const sealedCode = services.vault.seal(code.reveal(), placeOf(row));
  await replaceCode(tx, tenant, { ...row, sealedCode });
  return { row: { ...row, sealedCode }, code };
}

/**
 * The same for somebody who has no account, or must not learn that they have: a code that no digits match and nobody
 * was sent. It is tried, counted and replaced like any other, so that the page behaves the same.
 */
export async function makeDecoy(
  services: Services,
  tenant: Tenant,
  tx: Db,
  { purpose, email, attemptId }: Omit<NewCode<CodePurpose>, 'owner'>,
): Promise<void> {
  const nobodys = newSecret();
  const row = newRow(services, tenant, { purpose, owner: { email }, email, attemptId: attemptId ?? null }, nobodys);
  // At the same cost.
  services.vault.seal(nobodys.reveal(), placeOf(row));
  await replaceCode(tx, tenant, row);
}

function newRow<Purpose extends CodePurpose>(
  services: Services,
  tenant: Tenant,
  { purpose, owner, email, attemptId = null }: NewCode<Purpose>,
  code: Secret,
): OneTimeCodeRow & { readonly purpose: Purpose } {
  const { vault, now } = services;
  const at = now();
  const bound = {
    id: newId(idKinds[purpose], at),
    environmentId: tenant.environmentId,
    purpose,
    ownerId: ownerIdOf(services, tenant, owner),
    macKeyId: vault.primaryKeyId,
  };
  return {
    ...bound,
    email,
    codeMac: macOf(vault, bound, code.reveal()),
    sealedCode: null,
    attemptId,
    tries: 0,
    expiresAt: after(at, codeLifetimeMs),
    redeemedAt: null,
    createdAt: at,
    updatedAt: at,
  };
}

/**
 * Spends a code, once. Marks nothing else.
 *
 * The transaction must commit whatever the outcome, so return it and throw later: a rolled back wrong try was free.
 *
 * @param key.attemptId - the sign-in it is presented in: for one there is no code in force that another has asked for,
 *   and nothing tells it that there is
 * @param code - as presented; anything that is not the six digits is a wrong try like others
 */
export async function redeemOneTimeCode(
  { vault, now }: Pick<Services, 'vault' | 'now'>,
  tenant: Tenant,
  tx: Db,
  key: CodeKey,
  code: string,
): Promise<Redemption> {
  const at = now();
  const row = await takeTry(tx, tenant, key, at, tryLimit);
  if (!row) return explain(await findCode(tx, tenant, key), at);
  if (sameText(macOf(vault, row, code), row.codeMac)) {
    const spent = await spendCode(tx, tenant, row.id, at);
    return spent ? { outcome: 'verified', email: row.email } : { outcome: 'used' };
  }
  const triesLeft = tryLimit - row.tries;
  return triesLeft > 0 ? { outcome: 'wrong', triesLeft } : { outcome: 'exhausted' };
}

/** State first, time second: what was used stays used when a clock moves. */
function explain(row: OneTimeCodeRow | null, at: Date): Redemption {
  if (!row) return { outcome: 'expired' };
  if (row.redeemedAt) return { outcome: 'used' };
  if (row.tries >= tryLimit) return { outcome: 'exhausted' };
  if (row.expiresAt <= at) return { outcome: 'expired' };
  // A new code came into force between the two looks; the one presented is not it.
  return { outcome: 'wrong', triesLeft: tryLimit - row.tries };
}

type Bound = Pick<OneTimeCodeRow, 'id' | 'environmentId' | 'purpose' | 'ownerId' | 'macKeyId'>;

/** Bound to environment, owner and row: a code copied to another row, or sent earlier, is simply wrong. */
function macOf(vault: Vault, row: Bound, code: string): string {
  const message = [row.environmentId, row.purpose, row.ownerId, row.id, code].join('\n');
  return vault.mac('one-time-code', message, row.macKeyId).toString('base64url');
}

const placeOf = ({ environmentId, purpose, id }: Bound): string => `one_time_codes/${environmentId}/${purpose}/${id}`;

/** The digits, for the API that hands them out again. */
export const openCode = (
  { vault }: Pick<Services, 'vault'>,
  row: OneTimeCodeRow & { readonly sealedCode: string },
): string => vault.open(row.sealedCode, placeOf(row));
