import type { Db, Services, Tenant } from '../core/index.ts';
import type { Environment } from '../environments/index.ts';
import { organizationOfAddress } from '../organizations/index.ts';
import { hasPasskey } from '../passkeys/index.ts';
import type { AuthenticationMethod } from '../protocol/index.ts';
import { listOffered } from '../social/index.ts';
import { listActiveConnections } from '../sso/index.ts';
import { passwordSince } from '../users/index.ts';
import type { KnownAccount } from './account.ts';

/** The same account with its ways in; they count, and are looked for, only where an organization restricts them. */
export async function withWaysIn(
  services: Pick<Services, 'config'>,
  db: Db,
  tenant: Tenant,
  environment: Environment,
  account: KnownAccount,
): Promise<KnownAccount> {
  const restricted = account.memberships.filter(({ signInMethods }) => signInMethods !== null);
  if (restricted.length === 0) return account;
  const signOnAt: string[] = [];
  for (const { organizationId } of restricted)
    if ((await listActiveConnections(db, tenant, organizationId)).length > 0) signOnAt.push(organizationId);
  const homeId = signOnAt.length > 0 ? await organizationOfAddress(db, tenant, account.user.email) : null;
  const methods = await methodsOf(services, db, tenant, environment, account.user.id);
  return { ...account, waysIn: { methods, signOnAt, homeId } };
}

/** A code by mail and a provider that is switched on let in whoever has the address. */
async function methodsOf(
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
