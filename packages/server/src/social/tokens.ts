import { after, type Db, type Hash, minutes, type Services, sql, type Tenant } from '../core/index.ts';
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

const placeOf = (tenant: Tenant, attemptId: string): string => `social_tokens/${tenant.environmentId}/${attemptId}`;

/** Keeps tokens, sealed, with the sign-in that brought them. A sign-in has those of its last journey. */
export async function keepTokens(
  { vault, now }: Pick<Services, 'vault' | 'now'>,
  tx: Db,
  tenant: Tenant,
  { attemptId, userId }: { readonly attemptId: string; readonly userId: string | null },
  tokens: ProviderTokens,
): Promise<void> {
  const sealed = vault.seal(JSON.stringify(tokens), placeOf(tenant, attemptId));
  await tx.run(sql`
    insert into social_tokens (environment_id, attempt_id, user_id, sealed_tokens, expires_at)
    values (${tenant.environmentId}, ${attemptId}, ${userId}, ${sealed}, ${after(now(), keptMs)})
    on conflict (environment_id, attempt_id) do update set user_id = excluded.user_id,
      sealed_tokens = excluded.sealed_tokens, expires_at = excluded.expires_at`);
}

/** The sign-in is over, and what leads to the tokens from here on is its authorization code. */
export async function tieTokens(tx: Db, tenant: Tenant, attemptId: string, codeHash: Hash): Promise<void> {
  await tx.run(sql`
    update social_tokens set code_hash = ${codeHash}
    where environment_id = ${tenant.environmentId} and attempt_id = ${attemptId}`);
}

/** A sign-in that begins again with somebody else must not hand out what the one before brought. */
export async function dropTokens(tx: Db, tenant: Tenant, attemptId: string): Promise<void> {
  await tx.run(sql`
    delete from social_tokens where environment_id = ${tenant.environmentId} and attempt_id = ${attemptId}`);
}

/** Takes the tokens out, once: they are handed to the app and forgotten here. */
export async function takeTokens(
  { vault, now }: Pick<Services, 'vault' | 'now'>,
  tx: Db,
  tenant: Tenant,
  by: { readonly attemptId: string } | { readonly codeHash: Hash },
): Promise<ProviderTokens | null> {
  const which = 'attemptId' in by ? sql`attempt_id = ${by.attemptId}` : sql`code_hash = ${by.codeHash}`;
  const taken = await tx.maybeOne(sql<{ attemptId: string; sealedTokens: string; expiresAt: Date }>`
    delete from social_tokens where environment_id = ${tenant.environmentId} and ${which}
    returning attempt_id, sealed_tokens, expires_at`);
  if (!taken || taken.expiresAt <= now()) return null;
  const { expiresAt, ...tokens } = JSON.parse(vault.open(taken.sealedTokens, placeOf(tenant, taken.attemptId)));
  return { ...tokens, expiresAt: expiresAt === null ? null : new Date(expiresAt) };
}

export async function forgetTokensOfUser(tx: Db, tenant: Tenant, userId: string): Promise<void> {
  await tx.run(sql`delete from social_tokens where environment_id = ${tenant.environmentId} and user_id = ${userId}`);
}

export async function purgeTokens(db: Db, before: Date): Promise<void> {
  await db.run(sql`delete from social_tokens where expires_at < ${before}`);
}
