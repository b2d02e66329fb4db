import { createHash } from 'node:crypto';
import { addApiKey } from '../api-keys/index.ts';
import { base62, Secret, type Services, systemTenant, type Vault } from '../core/index.ts';
import { createEnvironment, firstEnvironment, settingsFromWire } from '../environments/index.ts';
import { createDashboardEnvironment } from '../operators/index.ts';
import { addUsers, readyUsers, type Seed } from './seed.ts';

/** What a development server is known by. It is the same at every start of one data directory. */
export interface DevIdentity {
  readonly apiKey: Secret;
  readonly clientId: string;
  readonly environmentId: string;
  /** For the SDKs' cookies: 32 characters or more. */
  readonly cookiePassword: Secret;
}

/**
 * Derived from the encryption key, so that it can be printed again while the database holds hashes only.
 *
 * @param given - what the person starting the server chose instead
 * @param generation - 2 for the key that takes the place of the first one after an operator revoked it, and so on
 */
export function devIdentity(
  vault: Vault,
  given: { apiKey?: string | undefined; clientId?: string | undefined } = {},
  generation = 1,
): DevIdentity {
  const derive = (purpose: string): string => base62(vault.mac('dev-identity', purpose));
  return {
    apiKey: new Secret(given.apiKey ?? `sk_test_${derive(generation === 1 ? 'api-key' : `api-key-${generation}`)}`),
    clientId: given.clientId ?? `client_${ulidLike(vault.mac('dev-identity', 'client-id'))}`,
    environmentId: `environment_${ulidLike(vault.mac('dev-identity', 'environment-id'))}`,
    cookiePassword: new Secret(derive('cookie-password')),
  };
}

/** 26 letters of Crockford's base 32, as client ids have them; the first holds three bits only. */
function ulidLike(bytes: Buffer): string {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const digest = createHash('sha256').update(bytes).digest();
  return Array.from({ length: 26 }, (_, index) => alphabet[(digest[index] ?? 0) % (index === 0 ? 8 : 32)]).join('');
}

/**
 * Makes what a fresh development server has: an environment that an app on localhost can use at once, its key, and the
 * dashboard's own environment. Running it again changes nothing but adds a key that was given anew. All of it or
 * nothing: a seed that is refused must not leave half a first start behind, after which it would be read no more.
 *
 * @throws {InvalidRequestParameters} naming what the rules refuse
 * @throws {ApiKeyTaken} when the key was revoked
 */
export async function setUpDevelopment(services: Services, identity: DevIdentity, seed: Seed | null): Promise<void> {
  const known = await firstEnvironment(services);
  const users = known || !seed ? [] : await readyUsers(seed);
  await services.db.transaction(async (tx) => {
    const environmentId = known?.id ?? (await createStaging(services, tx, identity, seed));
    const key = { name: 'Development', secret: identity.apiKey, createdBy: null };
    await addApiKey(services, tx, systemTenant(environmentId), key);
    if (known) return;
    await createDashboardEnvironment(services, tx);
    await addUsers(services, tx, environmentId, users);
  });
}

async function createStaging(
  services: Services,
  tx: Parameters<typeof createEnvironment>[1],
  { clientId, environmentId: id }: DevIdentity,
  seed: Seed | null,
): Promise<string> {
  const first = (uris: readonly string[]) => uris.map((uri, index) => ({ uri, isDefault: index === 0 }));
  const { environmentId } = await createEnvironment(services, tx, {
    id,
    name: 'Staging',
    kind: 'staging',
    applicationName: seed?.application_name ?? 'Your app',
    clientId,
    redirectUris: first(seed?.redirect_uris ?? ['http://localhost:3000/callback']),
    signOutRedirects: first(seed?.sign_out_redirects ?? ['http://localhost:3000/']),
    signInEndpoint: seed?.sign_in_endpoint === undefined ? 'http://localhost:3000/login' : seed.sign_in_endpoint,
    corsOrigins: seed?.cors_origins ?? ['http://localhost:3000', 'http://localhost:5173'],
    ...(seed?.settings ? { settings: settingsFromWire(seed.settings) } : {}),
  });
  return environmentId;
}
