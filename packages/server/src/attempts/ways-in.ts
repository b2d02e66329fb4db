import type { Db, Services, Tenant } from '../core/index.ts';
import type { Environment } from '../environments/index.ts';
import { hasPasskey } from '../passkeys/index.ts';
import type { AuthenticationMethod } from '../protocol/index.ts';
import { listOffered } from '../social/index.ts';
import { passwordSince } from '../users/index.ts';
import type { KnownAccount } from './account.ts';

/** The same account with its ways in, which count only where an organization restricts them. */
export async function withWaysIn(
  services: Pick<Services, 'config'>,
  db: Db,
  tenant: Tenant,
  environment: Environment,
  account: KnownAccount,
): Promise<KnownAccount> {
  if (account.memberships.every(({ signInMethods }) => signInMethods === null)) return { ...account, waysIn: [] };
  return { ...account, waysIn: await waysInOf(services, db, tenant, environment, account.user.id) };
}

/** A code by mail and a provider that is switched on let in whoever has the address. */
async function waysInOf(
  { config }: Pick<Services, 'config'>,
  db: Db,
  tenant: Tenant,
  environment: Environment,
  userId: string,
): Promise<readonly AuthenticationMethod[]> {
  const { passwordSignIn, magicAuthSignIn, passkeySignIn } = environment.settings;
  const providers = await listOffered({ config, db }, tenant, environment);
  const isPasswordUsable = passwordSignIn && (await passwordSince(db, tenant, userId)) !== null;
  const isPasskeyUsable = passkeySignIn && (await hasPasskey(db, tenant, userId));
  return [
    ...(isPasswordUsable ? (['Password'] as const) : []),
    ...(magicAuthSignIn ? (['MagicAuth'] as const) : []),
    ...(isPasskeyUsable ? (['Passkey'] as const) : []),
    ...providers.map(({ provider }) => provider),
  ];
}
