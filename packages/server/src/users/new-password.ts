import { InvalidRequestParameters, type Services, type Tenant } from '../core/index.ts';
import { getEnvironment } from '../environments/index.ts';
import {
  PasswordAndPasswordHashProvided,
  PasswordAndPasswordHashTypeProvided,
  PasswordSaltPositionRequiresPasswordHash,
  PasswordStrengthError,
} from './errors.ts';
import { parseHash } from './imported-hash.ts';
import { isKnownToService } from './leaked-password-service.ts';
import { hashPassword, matchesHash, type PasswordHash } from './password-hash.ts';
import { selectEarlierPasswords } from './password-history.store.ts';
import {
  finding,
  type Judgement,
  judgePassword,
  leaked,
  type PasswordContext,
  type PasswordFinding,
} from './password-policy.ts';
import { findPassword } from './password-store.ts';
import type { PasswordFields } from './schema.ts';

export type PasswordServices = Pick<Services, 'db' | 'now' | 'log' | 'config' | 'resolveAddresses'>;

/**
 * What is wrong with a new password by the rules of the environment: how long, how hard to guess, whether it leaked, and
 * whether this user had it before. Every place that takes a new password asks here, and none while it has a transaction
 * open: the service of leaked passwords may take a second.
 *
 * @param userId - whose it becomes; null for somebody who had none
 * @returns nothing when it is acceptable
 * @throws {Unavailable} when too many passwords are waiting to be rated or hashed
 */
export async function checkNewPassword(
  services: PasswordServices,
  tenant: Tenant,
  userId: string | null,
  plain: string,
  context: PasswordContext,
): Promise<readonly PasswordFinding[]> {
  const { settings } = await getEnvironment(services, tenant.environmentId);
  const { finding: found } = await judgeNewPassword(services, tenant, plain, context);
  if (found) return [found];
  const { refuseLeakedPasswords, leakedPasswordServiceUrl: service } = settings;
  // Last of all that is asked of the password itself, so that the service hears of as few as possible.
  if (refuseLeakedPasswords && service !== null && (await isKnownToService(services, service, plain))) return [leaked];
  if (userId === null || !(await hadBefore(services, tenant, userId, plain, settings.passwordHistory))) return [];
  return [finding('password_used_before', 'You had this password before. Use one that is new.')];
}

/**
 * The same for whoever is still typing: all but the comparison with earlier ones, and but the service of leaked passwords.
 * What it hears of each of somebody's attempts, taken together, would tell more than five digits of the last one do.
 *
 * @throws {Unavailable} {@link TooManyRequests}
 */
export async function judgeNewPassword(
  services: Pick<Services, 'db'>,
  tenant: Tenant,
  plain: string,
  context: PasswordContext,
): Promise<Judgement> {
  const { settings, client } = await getEnvironment(services, tenant.environmentId);
  return judgePassword(plain, { productName: client.applicationName, ...context }, settings);
}

/** Whether it is the user's password now or one of so many before it. Each costs a hash; none is compared for 0. */
async function hadBefore(
  { db }: Pick<Services, 'db'>,
  tenant: Tenant,
  userId: string,
  plain: string,
  history: number,
): Promise<boolean> {
  if (history === 0) return false;
  const current = await findPassword(db, tenant, userId);
  const earlier = await selectEarlierPasswords(db, tenant, userId, history);
  for (const stored of current ? [current, ...earlier] : earlier) {
    if (await matchesHash(stored, plain)) return true;
  }
  return false;
}

/**
 * The password a body asks for: one in plain text, checked and hashed, or a hash from another system, or none.
 *
 * @throws {PasswordStrengthError} {@link InvalidPasswordHash} or what is wrong with the combination
 */
export async function newPassword(
  services: PasswordServices,
  tenant: Tenant,
  userId: string | null,
  fields: PasswordFields,
  context: PasswordContext,
): Promise<PasswordHash | null> {
  const { password, password_hash: hash, password_hash_type: type, password_salt_position: saltPosition } = fields;
  if (password != null && hash != null) throw new PasswordAndPasswordHashProvided();
  if (password != null && type != null) throw new PasswordAndPasswordHashTypeProvided();
  if (saltPosition != null && hash == null) throw new PasswordSaltPositionRequiresPasswordHash();
  if (password != null) {
    const findings = await checkNewPassword(services, tenant, userId, password, context);
    if (findings.length > 0) throw new PasswordStrengthError(findings);
    return hashPassword(password);
  }
  if (hash == null && type == null) return null;
  if (hash == null) throw required('password_hash', 'password_hash_type');
  if (type == null) throw required('password_hash_type', 'password_hash');
  parseHash(type, hash, saltPosition ?? null);
  return { hash, type, saltPosition: saltPosition ?? null };
}

function required(missing: string, given: string): InvalidRequestParameters {
  const message = `'${missing}' is required together with '${given}'.`;
  return new InvalidRequestParameters([{ code: `${missing}_string_required`, message, field: missing }]);
}
