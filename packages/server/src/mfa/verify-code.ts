import type { Db, Services, Tenant } from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import { noteSuccess } from '../lockout/index.ts';
import { queueMail } from '../mail/index.ts';
import { seedOf } from './enroll.ts';
import { type Person, type Presented, type Refusal, recordFailure, recordSuccess } from './outcome.ts';
import { type FactorRow, toFactor, type VerifiedFactor } from './schema.ts';
import { listVerifiedFactors, spendStep } from './store.ts';
import { stepOf } from './totp.ts';

export type CodeVerification = { readonly outcome: 'verified'; readonly factor: VerifiedFactor } | Refusal;

/**
 * Takes a code of whichever authenticator app the user has proved, and records how it went. The caller has passed
 * `assertMayTry` for `totp`, and commits whatever the outcome: what was accepted must stay spent.
 *
 * @param presented.code - anything that is not six digits is wrong
 */
export async function verifyTotp(
  services: Services,
  tenant: Tenant,
  tx: Db,
  user: Person,
  presented: Presented,
): Promise<CodeVerification> {
  const factors = await listVerifiedFactors(tx, tenant, user.id);
  const result = await compare(services, tenant, tx, factors, presented.code);
  await settle(services, tenant, tx, user, presented, result);
  return result;
}

/** The first of these factors that this is a code of, its step spent. Nothing else is written. */
export async function compare(
  services: Pick<Services, 'vault' | 'now'>,
  tenant: Tenant,
  tx: Db,
  factors: readonly FactorRow[],
  code: string,
): Promise<CodeVerification> {
  const at = services.now();
  for (const factor of factors) {
    const step = stepOf(seedOf(services, factor), code, at);
    if (step === null) continue;
    const spent = await spendStep(tx, tenant, factor.id, step, at);
    return spent ? { outcome: 'verified', factor: spent } : { outcome: 'used' };
  }
  return { outcome: 'wrong' };
}

/** What follows from an outcome, whoever asked: failures are forgotten, and an event tells of it. */
export async function settle(
  services: Services,
  tenant: Tenant,
  tx: Db,
  user: Person,
  presented: Presented,
  result: Refusal | { readonly outcome: 'verified' },
): Promise<void> {
  if (result.outcome !== 'verified') return recordFailure(services, tenant, tx, user, presented, result);
  await noteSuccess(services, tx, tenant, user.id, 'totp');
  await recordSuccess(services, tenant, tx, user, presented);
}

/** A factor counts from now on. */
export async function welcome(
  services: Services,
  tenant: Tenant,
  tx: Db,
  user: Person,
  factor: VerifiedFactor,
  { locale }: Pick<Presented, 'locale'>,
): Promise<void> {
  const data = toFactor(factor);
  await recordEvent(services, tx, tenant, { name: 'authentication_factor.enrolled', data, userId: user.id });
  await queueMail(services, tx, tenant, {
    to: user.email,
    locale: locale ?? user.locale,
    template: 'second_factor_changed',
    data: { change: 'enrolled' },
  });
}
