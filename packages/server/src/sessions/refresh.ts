import { after, bareUlid, type Services, seconds, type Tenant } from '../core/index.ts';
import type { Client } from '../environments/index.ts';
import { recordEvent } from '../events/index.ts';
import { revokeSession } from './logic.ts';
import { parseRefreshToken, provesSession, type RefreshTokenParts, refreshToken } from './refresh-token.ts';
import { readSession, rotateSession } from './rotation.store.ts';
import { isExpired } from './schema.ts';
import type { SessionRow } from './store.ts';

/** A token just exchanged may be presented again for so long: tabs, prefetches and retries race in every SDK. */
const replayWindowMs = seconds(30);

export type Refresh =
  | { readonly outcome: 'refreshed'; readonly session: SessionRow; readonly refreshToken: string }
  /** Not a token of this client in this environment. */
  | { readonly outcome: 'unknown' }
  /** Signed out, revoked, or run out. */
  | { readonly outcome: 'ended' }
  /** Used before and outside the replay window: a thief or a victim. The session has been ended. */
  | { readonly outcome: 'reused' };

/**
 * Redeems a refresh token (RFC 6749 section 6, with the rotation of RFC 9700 section 4.14.2).
 *
 * The first use makes one successor. Inside the replay window the same token gets that same successor again, however
 * many requests come in parallel, and the window does not move; later reuse ends the session. When the successor was
 * used as well meanwhile, the token gets the one after it: the chain would lead there within the same windows, and a
 * browser that kept the middle one would be taken for a thief minutes later.
 */
export async function refreshSession(
  services: Services,
  tenant: Tenant,
  client: Client,
  token: string,
): Promise<Refresh> {
  const { db, vault } = services;
  const parts = parseRefreshToken(token);
  if (!parts || !provesSession(vault, tenant.environmentId, token, parts)) return { outcome: 'unknown' };
  const moved = await rotate(services, tenant, client, parts);
  if (moved) return refreshed(services, moved);
  // Somebody was there first, or it is over: what counts is how the session stands now.
  const session = await readSession(db, { environmentId: tenant.environmentId, id: parts.sessionId });
  if (session?.clientId !== client.clientId) return { outcome: 'unknown' };
  if (hasEnded(session, services.now())) return { outcome: 'ended' };
  if (isReplay(parts, session, services.now())) return refreshed(services, session);
  await endForReuse(services, tenant, session);
  return { outcome: 'reused' };
}

const hasEnded = (session: SessionRow, at: Date): boolean => session.endedAt !== null || isExpired(session, at);

/** The usual case in one statement: the token was never used, and its session goes on. */
function rotate(
  { db, now }: Pick<Services, 'db' | 'now'>,
  { environmentId }: Tenant,
  { clientId, environment }: Client,
  { sessionId: id, generation }: RefreshTokenParts,
): Promise<SessionRow | null> {
  const at = now();
  const idleExpiresAt = after(at, seconds(environment.settings.sessionIdleSeconds));
  return rotateSession(db, { environmentId, id, clientId, generation, jti: bareUlid(at), at, idleExpiresAt });
}

/** Whether the token was used a moment ago; of one that has more than two successors nobody knows when. */
function isReplay({ generation }: RefreshTokenParts, session: SessionRow, at: Date): boolean {
  const usedAt = [session.refreshedAt, session.previousRefreshedAt][session.refreshGeneration - 1 - generation];
  // The distance and not the age: when a clock is set back, a token used "later than now" stays spent.
  return usedAt != null && Math.abs(at.getTime() - usedAt.getTime()) <= replayWindowMs;
}

function refreshed({ vault }: Services, session: SessionRow): Refresh {
  const token = refreshToken(vault, session.environmentId, session.id, session.refreshGeneration);
  return { outcome: 'refreshed', session, refreshToken: token };
}

async function endForReuse(services: Services, tenant: Tenant, session: SessionRow): Promise<void> {
  await services.db.transaction(async (tx) => {
    if (!(await revokeSession(services, tx, tenant, session.id, 'refresh_token_reused'))) return;
    await recordEvent(services, tx, tenant, {
      name: 'refresh_token.reused',
      data: { session_id: session.id, user_id: session.userId },
      userId: session.userId,
    });
  });
}
