import { InvalidRequestParameters } from '../core/index.ts';
import {
  PasswordAndPasswordHashProvided,
  PasswordAndPasswordHashTypeProvided,
  PasswordSaltPositionRequiresPasswordHash,
  PasswordStrengthError,
} from './errors.ts';
import { parseHash } from './imported-hash.ts';
import { hashPassword, type PasswordHash } from './password-hash.ts';
import { checkPassword, type PasswordContext } from './password-policy.ts';
import type { PasswordFields } from './schema.ts';

/**
 * The password a body asks for: one in plain text, checked and hashed, or a hash from another system, or none.
 *
 * @throws {PasswordStrengthError} {@link InvalidPasswordHash} or what is wrong with the combination
 */
export async function newPassword(fields: PasswordFields, context: PasswordContext): Promise<PasswordHash | null> {
  const { password, password_hash: hash, password_hash_type: type, password_salt_position: saltPosition } = fields;
  if (password != null && hash != null) throw new PasswordAndPasswordHashProvided();
  if (password != null && type != null) throw new PasswordAndPasswordHashTypeProvided();
  if (saltPosition != null && hash == null) throw new PasswordSaltPositionRequiresPasswordHash();
  if (password != null) {
    const findings = await checkPassword(password, context);
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
