import {
  after,
  countAgainst,
  type Db,
  EntityNotFound,
  type Limit,
  minutes,
  newCode,
  newId,
  type Secret,
  type Services,
  sameText,
  type Tenant,
  type Vault,
} from '../core/index.ts';
import { assertMayTry } from '../lockout/index.ts';
import { findUser } from '../users/index.ts';
import { findChallenge, insertChallenge, spendChallenge, takeTry } from './challenges.store.ts';
import type { Presented, Refusal } from './outcome.ts';
import { type ChallengeRow, challengeMs, type FactorRow, tryLimit, type VerifiedFactor } from './schema.ts';
import { findFactor, markVerified } from './store.ts';
import { compare, settle, welcome } from './verify-code.ts';

/**
 * Puts a question to a factor: for ten minutes, five tries and one right answer.
 *
 * @returns the challenge, and the code to bring to the person where no app of theirs makes it
 */
export async function challengeFactor(
  { vault, now }: Pick<Services, 'vault' | 'now'>,
  tenant: Tenant,
  tx: Db,
  factor: Pick<FactorRow, 'id' | 'type'>,
): Promise<{ challenge: ChallengeRow; code: Secret | null }> {
  const at = now();
  const id = newId('authChallenge', at);
  const code = factor.type === 'generic_otp' ? newCode() : null;
  const macKeyId = code && vault.primaryKeyId;
  const named = { id, environmentId: tenant.environmentId, factorId: factor.id };
  const challenge: ChallengeRow = {
    ...named,
    codeMac: code && macKeyId && macOf(vault, named, code.reveal(), macKeyId),
    macKeyId,
    boundTo: null,
    tries: 0,
    expiresAt: after(at, challengeMs),
    redeemedAt: null,
    createdAt: at,
    updatedAt: at,
  };
  await insertChallenge(tx, tenant, challenge);
  return { challenge, code };
}

/** Bound to environment, factor and challenge: a code copied elsewhere is simply wrong. */
function macOf(
  vault: Vault,
  { environmentId, factorId, id }: Pick<ChallengeRow, 'environmentId' | 'factorId' | 'id'>,
  code: string,
  keyId: string,
): string {
  return vault.mac('auth-challenge', [environmentId, factorId, id, code].join('\n'), keyId).toString('base64url');
}

/** Of a factor whose owner is no user of ours, so that nobody else counts for it. */
const perFactor: Limit = { name: 'factor-tries', max: 10, windowMs: minutes(1) };

/**
 * Counts one try at a code, together with those at all other challenges of the same user. Outside of any transaction: a
 * rolled back try was free.
 *
 * @throws {TooManyRequests}
 */
export async function assertMayAnswer(services: Services, tenant: Tenant, challengeId: string): Promise<void> {
  const challenge = await findChallenge(services.db, tenant, challengeId);
  // No code is looked at any more, so nothing is counted.
  if (!challenge || challenge.redeemedAt || challenge.tries >= tryLimit) return;
  const factor = await findFactor(services.db, tenant, challenge.factorId);
  if (!factor) return;
  if (factor.userId) await assertMayTry(services, tenant, { id: factor.userId }, 'totp');
  else await countAgainst(services, perFactor, `${tenant.environmentId}\n${factor.id}`);
}

export type Verification =
  | { readonly outcome: 'verified'; readonly challenge: ChallengeRow; readonly factor: FactorRow }
  /** Five tries are over; the right code does not help any more. */
  | { readonly outcome: 'exhausted' }
  | { readonly outcome: 'expired' }
  | { readonly outcome: 'verified_before' }
  /** Or of another user, or of another sign-in: all the same to whoever asks. */
  | { readonly outcome: 'unknown' }
  | (Refusal & { readonly challenge: ChallengeRow });

/** What a sign-in demands of a challenge it accepts. */
export interface Expected {
  readonly userId: string;
  /** The sign-in. The first one that presents a challenge keeps it. */
  readonly attemptId: string;
  /** The person is enrolling, so the factor may be one that was not proved yet. Otherwise it must have been. */
  readonly mayBeUnverified: boolean;
}

/**
 * Takes the answer to a challenge and records how it went. The caller has passed `assertMayAnswer`, and commits whatever
 * the outcome, so return it and throw later: a rolled back wrong try was free.
 *
 * @param expected - null when the application asks for itself, outside of a sign-in
 */
export async function verifyChallenge(
  services: Services,
  tenant: Tenant,
  tx: Db,
  id: string,
  presented: Presented,
  expected: Expected | null,
): Promise<Verification> {
  const at = services.now();
  const known = await findChallenge(tx, tenant, id);
  const asked = known && (await findFactor(tx, tenant, known.factorId));
  if (!asked || !isExpected(asked, expected)) return { outcome: 'unknown' };
  const challenge = await takeTry(tx, tenant, id, expected?.attemptId ?? null, at, tryLimit);
  if (!challenge) return explain(await findChallenge(tx, tenant, id), expected, at);
  const user = asked.userId === null ? null : await findUser(tx, tenant, asked.userId);
  const result = await answer(services, tenant, tx, asked, challenge, presented.code);
  // Who an application's own users are is not ours to know, and an event of the published shape names a user.
  if (user) await settle(services, tenant, tx, user, presented, result);
  if (result.outcome !== 'verified') return { ...result, challenge };
  if (result.proved && user) await welcome(services, tenant, tx, user, result.proved, presented);
  const spent = await spendChallenge(tx, tenant, id, at);
  return spent ? { outcome: 'verified', challenge: spent, factor: result.factor } : { outcome: 'verified_before' };
}

const isExpected = (factor: FactorRow, expected: Expected | null): boolean =>
  expected === null ||
  (factor.userId === expected.userId &&
    factor.type === 'totp' &&
    (expected.mayBeUnverified || factor.verifiedAt !== null));

interface Answered {
  readonly outcome: 'verified';
  readonly factor: FactorRow;
  /** The same, when an authenticator app was proved by this. */
  readonly proved: VerifiedFactor | null;
}

async function answer(
  services: Services,
  tenant: Tenant,
  tx: Db,
  factor: FactorRow,
  challenge: ChallengeRow,
  code: string,
): Promise<Refusal | Answered> {
  const at = services.now();
  if (factor.type === 'totp') {
    const result = await compare(services, tenant, tx, [factor], code);
    if (result.outcome !== 'verified') return result;
    const isFirst = factor.verifiedAt === null && result.factor.verifiedAt.getTime() === at.getTime();
    return { ...result, proved: isFirst ? result.factor : null };
  }
  const { codeMac, macKeyId } = challenge;
  const isRight = codeMac && macKeyId && sameText(macOf(services.vault, challenge, code, macKeyId), codeMac);
  if (!isRight) return { outcome: 'wrong' };
  const verified = await markVerified(tx, tenant, factor.id, at);
  return { outcome: 'verified', factor: verified ?? factor, proved: null };
}

const isBoundElsewhere = ({ boundTo }: ChallengeRow, expected: Expected | null): boolean =>
  boundTo !== null && boundTo !== expected?.attemptId;

/** State first, time second: what was answered stays answered when a clock moves. */
function explain(
  challenge: ChallengeRow | null,
  expected: Expected | null,
  at: Date,
): Exclude<Verification, { outcome: 'verified' | Refusal['outcome'] }> {
  if (!challenge || isBoundElsewhere(challenge, expected)) return { outcome: 'unknown' };
  if (challenge.redeemedAt) return { outcome: 'verified_before' };
  if (challenge.tries >= tryLimit) return { outcome: 'exhausted' };
  if (challenge.expiresAt <= at) return { outcome: 'expired' };
  return { outcome: 'unknown' };
}

/** @throws {EntityNotFound} also when it belongs to another environment */
export async function getFactor(db: Db, tenant: Tenant, id: string): Promise<FactorRow> {
  const factor = await findFactor(db, tenant, id);
  if (!factor) throw new EntityNotFound('Authentication factor', id);
  return factor;
}
