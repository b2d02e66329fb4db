import type { z } from 'zod';
import { type Db, InvalidRequestParameters, newId, type Services, type Tenant } from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import { normalizeEmail } from './email.ts';
import { ExternalIdAlreadyUsed, emailNotAvailable, InvalidEmail, UserCreationError } from './errors.ts';
import { canonicalLocale } from './locale.ts';
import { type Metadata, mergeMetadata } from './metadata.ts';
import { newPassword } from './new-password.ts';
import type { PasswordHash } from './password-hash.ts';
import { setPassword } from './password-store.ts';
import { type CreateUser, toWire } from './schema.ts';
import { saveTerms } from './search.ts';
import { findUserByEmail, insertUser, type UserRow } from './store.ts';

interface NewUser {
  readonly email: string;
  readonly firstName?: string | null;
  readonly lastName?: string | null;
  readonly name?: string | null;
  readonly profilePictureUrl?: string | null;
  /** Whether whoever signs up says so of themselves; else it is the operator's word. */
  readonly isSelfDescribed?: boolean;
  readonly isEmailVerified?: boolean;
  readonly passwordHash?: PasswordHash | null;
  readonly externalId?: string | null;
  readonly metadata?: Metadata;
  readonly locale?: string | null;
}

/**
 * Creates a user within a transaction. Of two that race for one address, one is created.
 *
 * @param input - its values already checked; `passwordHash` made before the transaction began
 * @throws {InvalidEmail} when `email` is not an address
 * @throws {ExternalIdAlreadyUsed} when another user has that external id
 */
export async function createUser(
  services: Services,
  tenant: Tenant,
  tx: Db,
  input: NewUser,
): Promise<UserRow | 'email_taken'> {
  const at = services.now();
  const email = normalizeEmail(input.email);
  if (email === null) throw new InvalidEmail();
  const user = await insertUser(tx, tenant, {
    id: newId('user', at),
    email,
    isEmailVerified: input.isEmailVerified ?? false,
    firstName: input.firstName ?? null,
    lastName: input.lastName ?? null,
    name: input.name ?? null,
    profilePictureUrl: input.profilePictureUrl ?? null,
    isSelfDescribed: input.isSelfDescribed ?? false,
    externalId: input.externalId ?? null,
    metadata: input.metadata ?? {},
    locale: input.locale ?? null,
    lastSignInAt: null,
    createdAt: at,
    updatedAt: at,
  });
  if (!user) {
    const isExternalIdTaken = input.externalId != null && !(await findUserByEmail(tx, tenant, email));
    if (isExternalIdTaken) throw new ExternalIdAlreadyUsed(input.externalId ?? '');
    return 'email_taken';
  }
  if (input.passwordHash) await setPassword(tx, tenant, user.id, input.passwordHash, at);
  await saveTerms(tx, tenant, user);
  await recordEvent(services, tx, tenant, { name: 'user.created', data: toWire(user), userId: user.id });
  return user;
}

/** `POST /user_management/users`: checks what was sent, then creates the user. */
export async function createUserAsAsked(
  services: Services,
  tenant: Tenant,
  body: z.output<typeof CreateUser>,
): Promise<UserRow> {
  const email = normalizeEmail(body.email);
  if (email === null) {
    throw new InvalidRequestParameters([
      { code: 'email_invalid', message: new InvalidEmail().message, field: 'email' },
    ]);
  }
  const input = {
    email,
    firstName: body.first_name ?? null,
    lastName: body.last_name ?? null,
    name: body.name ?? null,
    isEmailVerified: body.email_verified ?? false,
    externalId: body.external_id ?? null,
    metadata: mergeMetadata({}, body.metadata ?? null),
    locale: body.locale == null ? null : canonicalLocale(body.locale),
  };
  const passwordHash = await newPassword(services, tenant, null, body, input);
  return services.db.transaction(async (tx) => {
    const user = await createUser(services, tenant, tx, { ...input, passwordHash });
    if (user === 'email_taken') throw new UserCreationError([emailNotAvailable]);
    return user;
  });
}
