import { after, type Db, minutes, type Services, sql, type Tenant } from '../core/index.ts';
import type { SocialProvider } from '../protocol/index.ts';

/** What a provider gave us for its API, for the app that asked for it. */
export interface ProviderTokens {
  readonly provider: SocialProvider;
  readonly accessToken: string;
  readonly refreshToken: string | null;
  /** Null where the provider does not say. */
  readonly expiresAt: Date | null;
  readonly scopes: readonly string[];
}

/** As long as an attempt and its code can last. */
const keptMs = minutes(20);

interface Holder {
  /** What leads to the tokens later: the attempt. */
  readonly holder: string;
  readonly userId: string;
}

const placeOf = (tenant: Tenant, holder: string): string => `social_tokens/${tenant.environmentId}/${holder}`;

/** Keeps tokens, sealed, until they are taken. */
export async function keepTokens(
  { vault, now }: Pick<Services, 'vault' | 'now'>,
  tx: Db,
  tenant: Tenant,
  { holder, userId }: Holder,
  tokens: ProviderTokens,
): Promise<void> {
  const sealed = vault.seal(JSON.stringify(tokens), placeOf(tenant, holder));
  await tx.run(sql`
    insert into social_tokens (environment_id, holder, user_id, sealed_tokens, expires_at)
    values (${tenant.environmentId}, ${holder}, ${userId}, ${sealed}, ${after(now(), keptMs)})
    on conflict (environment_id, holder) do update set user_id = excluded.user_id,
      sealed_tokens = excluded.sealed_tokens, expires_at = excluded.expires_at`);
}

/** Takes the tokens out, once: they are handed to the app and forgotten here. */
export async function takeTokens(
  { vault, now }: Pick<Services, 'vault' | 'now'>,
  tx: Db,
  tenant: Tenant,
  holder: string,
): Promise<ProviderTokens | null> {
  const taken = await tx.maybeOne(sql<{ sealedTokens: string; expiresAt: Date }>`
    delete from social_tokens where environment_id = ${tenant.environmentId} and holder = ${holder}
    returning sealed_tokens, expires_at`);
  if (!taken || taken.expiresAt <= now()) return null;
  const { expiresAt, ...tokens } = JSON.parse(vault.open(taken.sealedTokens, placeOf(tenant, holder)));
  return { ...tokens, expiresAt: expiresAt === null ? null : new Date(expiresAt) };
}

export async function forgetTokensOfUser(tx: Db, tenant: Tenant, userId: string): Promise<void> {
  await tx.run(sql`delete from social_tokens where environment_id = ${tenant.environmentId} and user_id = ${userId}`);
}

export async function purgeTokens(db: Db, before: Date): Promise<void> {
  await db.run(sql`delete from social_tokens where expires_at < ${before}`);
}
