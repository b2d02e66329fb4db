import type { Hash, Services, Tenant } from '../core/index.ts';
import type { SessionRow } from '../sessions/index.ts';
import { isSocialProvider, type ProviderTokens, takeTokens } from '../social/index.ts';

/** The provider's tokens of the sign-in that a session began with. They are handed out once and forgotten. */
export async function providerTokens(
  services: Services,
  tenant: Tenant,
  { authenticationMethod }: Pick<SessionRow, 'authenticationMethod'>,
  by: { readonly attemptId: string } | { readonly codeHash: Hash },
): Promise<ProviderTokens | null> {
  if (!isSocialProvider(authenticationMethod)) return null;
  const tokens = await services.db.transaction((tx) => takeTokens(services, tx, tenant, by));
  return tokens?.provider === authenticationMethod ? tokens : null;
}
