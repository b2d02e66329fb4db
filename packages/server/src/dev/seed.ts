import { z } from 'zod';
import { type Db, InvalidRequestParameters, type Services, systemTenant } from '../core/index.ts';
import { SettingsChange } from '../environments/index.ts';
import { createUser, hashPassword, InvalidEmail, normalizeEmail } from '../users/index.ts';

const seedUser = z.strictObject({
  email: z.string(),
  password: z.string().min(1).optional(),
  first_name: z.string().optional(),
  last_name: z.string().optional(),
  email_verified: z.boolean().default(true),
  external_id: z.string().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
});

/** What `--seed FILE` may hold. A name it does not know is refused rather than ignored: it is a typing mistake. */
export const Seed = z.strictObject({
  application_name: z.string().min(1).max(200).optional(),
  redirect_uris: z.array(z.string()).min(1).optional(),
  sign_out_redirects: z.array(z.string()).optional(),
  sign_in_endpoint: z.string().nullable().optional(),
  cors_origins: z.array(z.string()).optional(),
  settings: SettingsChange.strict().optional(),
  users: z.array(seedUser).default([]),
});

export type Seed = z.output<typeof Seed>;

/** A person of the seed with their password hashed: hashing takes too long for a transaction others wait for. */
type SeedUser = Seed['users'][number] & {
  readonly passwordHash: Awaited<ReturnType<typeof hashPassword>> | null;
};

/** @throws {InvalidRequestParameters} naming every address that is none */
export async function readyUsers({ users }: Seed): Promise<readonly SeedUser[]> {
  const refused = users.filter(({ email }) => normalizeEmail(email) === null);
  if (refused.length > 0) {
    throw new InvalidRequestParameters(
      refused.map(({ email }) => ({
        code: 'email_invalid',
        message: `${email}: ${new InvalidEmail().message}`,
        field: 'users',
      })),
    );
  }
  return Promise.all(
    users.map(async (user) => ({
      ...user,
      passwordHash: user.password === undefined ? null : await hashPassword(user.password),
    })),
  );
}

/** Adds the users of a seed; of two with one address the first counts. */
export async function addUsers(
  services: Services,
  tx: Db,
  environmentId: string,
  users: readonly SeedUser[],
): Promise<void> {
  for (const user of users) {
    await createUser(services, systemTenant(environmentId), tx, {
      email: user.email,
      firstName: user.first_name ?? null,
      lastName: user.last_name ?? null,
      isEmailVerified: user.email_verified,
      externalId: user.external_id ?? null,
      ...(user.metadata ? { metadata: user.metadata } : {}),
      passwordHash: user.passwordHash,
    });
  }
}
