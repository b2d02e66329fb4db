import { z } from 'zod';
import { type Services, systemTenant } from '../core/index.ts';
import { firstEnvironment } from '../environments/index.ts';
import { createUser, hashPassword } from '../users/index.ts';

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
  settings: z
    .strictObject({
      require_email_verification: z.boolean().optional(),
      sign_up_names: z.enum(['off', 'optional', 'required']).optional(),
      access_token_seconds: z.number().int().optional(),
      session_idle_seconds: z.number().int().optional(),
      session_max_seconds: z.number().int().optional(),
    })
    .optional(),
  users: z.array(seedUser).default([]),
});

export type Seed = z.output<typeof Seed>;

/** Adds the users of a seed; whoever is there already stays as they are. */
export async function applySeed(services: Services, seed: Seed): Promise<void> {
  const environment = await firstEnvironment(services);
  if (!environment) return;
  const tenant = systemTenant(environment.id);
  for (const user of seed.users) {
    const passwordHash = user.password === undefined ? null : await hashPassword(user.password);
    await services.db.transaction((tx) =>
      createUser(services, tenant, tx, {
        email: user.email,
        firstName: user.first_name ?? null,
        lastName: user.last_name ?? null,
        isEmailVerified: user.email_verified,
        externalId: user.external_id ?? null,
        ...(user.metadata ? { metadata: user.metadata } : {}),
        passwordHash,
      }),
    );
  }
}
