import { type Db, newId, type Secret, type Services, type Tenant } from '../core/index.ts';
import { lockUser } from '../users/index.ts';
import { sealedSeed, uriOf } from './enroll.ts';
import type { Person, Presented } from './outcome.ts';
import type { FactorRow } from './schema.ts';
import { deleteFactor, insertFactor, listVerifiedFactors } from './store.ts';
import { derivedSeed } from './totp.ts';
import { type CodeVerification, compare, settle, welcome } from './verify-code.ts';

/** Where a person enrolls at our own pages. */
export interface Occasion {
  /** What the proposal belongs to: an attempt, a browser's sign-in. Another one proposes another seed. */
  readonly id: string;
  /** As the authenticator app shows it. */
  readonly issuer: string;
}

/** What the person needs to put a factor into their app. */
export interface Proposal {
  readonly secret: Secret;
  readonly uri: string;
}

/**
 * A factor for the person to scan. Nothing is written, and opening the page again shows the same: the seed is a keyed
 * hash of whom it is for and where. Once a factor was made of it, the next proposal is another.
 */
export async function proposeTotp(
  services: Pick<Services, 'vault'>,
  db: Db,
  tenant: Tenant,
  user: Person,
  { id, issuer }: Occasion,
): Promise<Proposal> {
  const present = await listVerifiedFactors(db, tenant, user.id);
  const message = [tenant.environmentId, user.id, id, ...present.map((factor) => factor.id)].join('\n');
  const secret = derivedSeed(services.vault.mac('totp-proposal', message));
  return { secret, uri: uriOf({ issuer, account: user.email }, secret) };
}

/**
 * Makes the proposed factor: the code shows that the person's app has it. From here on it counts, and they are told by
 * mail. The caller has passed `assertMayTry` for `totp`, and commits whatever the outcome.
 */
export async function acceptProposal(
  services: Services,
  tenant: Tenant,
  tx: Db,
  user: Person,
  occasion: Occasion,
  presented: Presented,
): Promise<CodeVerification> {
  // Locked: the same form sent twice makes one factor, and a user who is being deleted leaves none behind.
  if (!(await lockUser(tx, tenant, user.id))) return { outcome: 'wrong' };
  const at = services.now();
  const { secret } = await proposeTotp(services, tx, tenant, user, occasion);
  const named = { id: newId('authFactor', at), environmentId: tenant.environmentId };
  const factor: FactorRow = {
    ...named,
    userId: user.id,
    type: 'totp',
    issuer: occasion.issuer,
    account: user.email,
    sealedSeed: sealedSeed(services, named, secret),
    lastStep: 0,
    verifiedAt: null,
    createdAt: at,
    updatedAt: at,
  };
  await insertFactor(tx, tenant, factor);
  const result = await compare(services, tenant, tx, [factor], presented.code);
  if (result.outcome !== 'verified') await deleteFactor(tx, tenant, factor.id);
  await settle(services, tenant, tx, user, presented, result);
  if (result.outcome === 'verified') await welcome(services, tenant, tx, user, result.factor, presented);
  return result;
}
