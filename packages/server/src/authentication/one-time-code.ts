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
import { addCode, type CodeKey, giveTriesBack, listCodes, spendCode, takeTries } from './store.ts';

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

/**
 * Puts a new code of six digits in force; the caller mails it, after `assertMaySend`, which bounds how many there are. The
 * one that the same sign-in had asked for before stops working.
 */
export async function makeCode<Purpose extends CodePurpose>(
  services: Services,
  tenant: Tenant,
  tx: Db,
  wanted: NewCode<Purpose>,
): Promise<{ row: OneTimeCodeRow & { readonly purpose: Purpose }; code: Secret }> {
  const code = newCode();
  const row = newRow(services, tenant, wanted, code);
  const sealedCode = services.vault.seal(code.reveal(), placeOf(row));
  await addCode(tx, tenant, { ...row, sealedCode });
  return { row: { ...row, sealedCode }, code };
}

/**
 * The same for somebody who has no account, or must not learn that they have: a code that no digits match and nobody
 * was sent. It is tried, counted and kept like any other, so that the page behaves the same.
 */
export async function makeDecoy(
  services: Services,
  tenant: Tenant,
  tx: Db,
  { purpose, email, owner = { email }, attemptId }: Omit<NewCode<CodePurpose>, 'owner'> & { readonly owner?: Owner },
): Promise<void> {
  const nobodys = newSecret();
  const row = newRow(services, tenant, { purpose, owner, email, attemptId: attemptId ?? null }, nobodys);
  // At the same cost.
  services.vault.seal(nobodys.reveal(), placeOf(row));
  await addCode(tx, tenant, row);
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
    waivedAt: null,
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
 * @param code - as presented; anything that is not the six digits is a wrong try like others, of each code in force
 */
export async function redeemOneTimeCode(
  { vault, now }: Pick<Services, 'vault' | 'now'>,
  tenant: Tenant,
  tx: Db,
  key: CodeKey,
  code: string,
): Promise<Redemption> {
  const at = now();
  const isThis = (row: OneTimeCodeRow): boolean => sameText(macOf(vault, row, code), row.codeMac);
  const looked = await takeTries(tx, tenant, key, at);
  const right = looked.find(isThis);
  if (right) {
    await giveTriesBack(tx, tenant, idsBut(looked, right.id));
    const spent = await spendCode(tx, tenant, right.id, at);
    return spent ? { outcome: 'verified', email: right.email } : { outcome: 'used' };
  }
  const rows = await listCodes(tx, tenant, key);
  if (rows.some((row) => row.redeemedAt && isThis(row))) {
    await giveTriesBack(tx, tenant, idsBut(looked, null));
    return { outcome: 'used' };
  }
  if (looked.length === 0) return explain(rows[0] ?? null, at);
  const triesLeft = tryLimit - Math.min(...looked.map(({ tries }) => tries));
  return triesLeft > 0 ? { outcome: 'wrong', triesLeft } : { outcome: 'exhausted' };
}

/** A code that was mailed is no guess at the others, and neither is the same form again. */
const idsBut = (rows: readonly OneTimeCodeRow[], id: string | null): string[] =>
  rows.filter((row) => row.id !== id).map((row) => row.id);

/** Why the newest code is not in force. State first, time second: what was used stays used when a clock moves. */
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
