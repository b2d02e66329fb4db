import {
  type Db,
  EntityNotFound,
  InvalidRequestParameters,
  newId,
  Secret,
  type Services,
  type Tenant,
} from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import { lockUser } from '../users/index.ts';
import { type FactorRow, toFactor } from './schema.ts';
import { insertFactor } from './store.ts';
import { keyUri, newSeed, readSeed } from './totp.ts';

interface NewTotp {
  /** Null for a factor of an application that keeps its users elsewhere. */
  readonly userId: string | null;
  /** As the authenticator app shows it: the application's name, unless it wants another. */
  readonly issuer: string;
  /** As the app shows it; the user's address when not given, or the issuer's name for somebody we do not know. */
  readonly account?: string | null | undefined;
  /** A seed, base32, that the person's app has already: another system enrolled it. */
  readonly seed?: string | null | undefined;
}

/** A factor with what the person needs to put it into their app. Only for them, and only until it is proved. */
export interface Enrolment {
  readonly factor: FactorRow;
  readonly secret: Secret;
  readonly uri: string;
}

/**
 * Begins a factor whose codes an authenticator app makes. It counts once a code of it was verified; one that was
 * brought along counts at once, because the person has been using it: otherwise moving here would switch it off.
 *
 * @throws {EntityNotFound} when there is no such user here
 * @throws {InvalidRequestParameters} when the seed is not one
 */
export async function enrollTotp(services: Services, tenant: Tenant, tx: Db, wanted: NewTotp): Promise<Enrolment> {
  const at = services.now();
  const id = newId('authFactor', at);
  const address = await addressOf(tx, tenant, wanted.userId);
  const account = wanted.account || (address ?? wanted.issuer);
  const secret = wanted.seed == null ? newSeed() : broughtAlong(wanted.seed);
  const factor: FactorRow = {
    id,
    environmentId: tenant.environmentId,
    userId: wanted.userId,
    type: 'totp',
    issuer: wanted.issuer,
    account,
    sealedSeed: sealedSeed(services, { id, environmentId: tenant.environmentId }, secret),
    lastStep: 0,
    verifiedAt: wanted.seed == null ? null : at,
    createdAt: at,
    updatedAt: at,
  };
  await insertFactor(tx, tenant, factor);
  if (factor.verifiedAt) {
    const data = toFactor(factor);
    await recordEvent(services, tx, tenant, { name: 'authentication_factor.enrolled', data, userId: factor.userId });
  }
  return { factor, secret, uri: uriOf(factor, secret) };
}

/**
 * Begins a factor whose codes we make and the application brings to the person: each challenge has one.
 *
 * @throws {EntityNotFound} when there is no such user here
 */
export async function enrollGenericOtp(
  services: Pick<Services, 'now'>,
  tenant: Tenant,
  tx: Db,
  userId: string | null,
): Promise<FactorRow> {
  const at = services.now();
  await addressOf(tx, tenant, userId);
  const factor: FactorRow = {
    id: newId('authFactor', at),
    environmentId: tenant.environmentId,
    userId,
    type: 'generic_otp',
    issuer: null,
    account: null,
    sealedSeed: null,
    lastStep: 0,
    verifiedAt: null,
    createdAt: at,
    updatedAt: at,
  };
  await insertFactor(tx, tenant, factor);
  return factor;
}

/** Null for somebody who is not one of our users. Locked: a user who is being deleted must not leave a factor behind. */
async function addressOf(tx: Db, tenant: Tenant, userId: string | null): Promise<string | null> {
  if (userId === null) return null;
  const user = await lockUser(tx, tenant, userId);
  if (!user) throw new EntityNotFound('User', userId);
  return user.email;
}

function broughtAlong(given: string): Secret {
  const seed = readSeed(given);
  if (seed) return seed;
  const message =
    "'totp_secret' is base32 (RFC 4648 section 6) of 80 bits or more: 16 to 104 of the characters A-Z and 2-7.";
  throw new InvalidRequestParameters([{ code: 'totp_secret_invalid', message, field: 'totp_secret' }]);
}

/** @throws {Error} when the record was moved, or its factor has no seed */
export const seedOf = ({ vault }: Pick<Services, 'vault'>, factor: FactorRow): Secret =>
  new Secret(vault.open(factor.sealedSeed ?? '', placeOf(factor)));

export const sealedSeed = (
  { vault }: Pick<Services, 'vault'>,
  factor: Pick<FactorRow, 'id' | 'environmentId'>,
  seed: Secret,
): string => vault.seal(seed.reveal(), placeOf(factor));

export const uriOf = (factor: Pick<FactorRow, 'issuer' | 'account'>, secret: Secret): string =>
  keyUri(secret, factor.issuer ?? '', factor.account ?? '');

const placeOf = ({ id, environmentId }: Pick<FactorRow, 'id' | 'environmentId'>): string =>
  `auth_factors/${id}/${environmentId}`;
