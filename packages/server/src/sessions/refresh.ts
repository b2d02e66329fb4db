import { after, bareUlid, type Services, seconds, type Tenant } from '../core/index.ts';
import type { Client } from '../environments/index.ts';
import { recordEvent } from '../events/index.ts';
import { holdMembership } from '../organizations/index.ts';
import { cutOffs } from './clocks.ts';
import { revokeSession } from './logic.ts';
import { parseRefreshToken, provesSession, type RefreshTokenParts, refreshToken } from './refresh-token.ts';
import { moveToOrganization, readSession, rotateOne, rotateSession } from './rotation.store.ts';
import { isExpired } from './schema.ts';
import { findSessionIn, type SessionRow } from './store.ts';

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

export interface RefreshWish {
  readonly token: string;
  /** The organization to go on in; null stays where the session is. */
  readonly organizationId: string | null;
  /** Policy asks about every session of this environment, in an organization or not. */
  readonly isPolicyStrict: boolean;
  /** Throws when policy does not let the session go on, or not in that organization. */
  readonly assertMayGoOn: (session: SessionRow, organizationId: string | null) => Promise<void>;
}

/**
 * Redeems a refresh token (RFC 6749 section 6, with the rotation of RFC 9700 section 4.14.2).
 *
 * The first use makes one successor. Inside the replay window the same token gets that same successor again, however
 * many requests come in parallel, and the window does not move; later reuse ends the session. When successors were
 * used as well meanwhile, the token gets the newest one: the chain would lead there within the same windows, and a
 * browser that kept one in the middle would be taken for a thief minutes later. A refusal by policy spends nothing: the
 * token is good again when the policy is satisfied. A session of an operator who acts as somebody ends where that was
 * switched off meanwhile.
 */
export async function refreshSession(
  services: Services,
  tenant: Tenant,
  client: Client,
  wish: RefreshWish,
): Promise<Refresh> {
  const result = await redeem(services, tenant, client, wish);
  if (result.outcome !== 'refreshed' || !result.session.impersonator || client.environment.settings.impersonation)
    return result;
  // Switched off since an operator began: nobody acts as somebody any more.
  const { id } = result.session;
  await services.db.transaction((tx) => revokeSession(services, tx, tenant, id, 'impersonation_off'));
  return { outcome: 'ended' };
}

async function redeem(services: Services, tenant: Tenant, client: Client, wish: RefreshWish): Promise<Refresh> {
  const { db, vault } = services;
  const parts = parseRefreshToken(wish.token);
  if (!parts || !provesSession(vault, tenant.environmentId, wish.token, parts)) return { outcome: 'unknown' };
  // The usual case in one statement: the token was never used, and no policy asks about the session.
  const isPlain = wish.organizationId === null && !wish.isPolicyStrict;
  const moved = isPlain ? await rotate(services, tenant, client, parts, null) : null;
  if (moved) return refreshed(services, moved);
  // Somebody was there first, or it is over, or policy is to be asked: what counts is how the session stands now.
  const session = await readSession(db, { environmentId: tenant.environmentId, id: parts.sessionId });
  if (session?.clientId !== client.clientId) return { outcome: 'unknown' };
  if (hasEnded(session, client, services.now())) return { outcome: 'ended' };
  await wish.assertMayGoOn(session, wish.organizationId ?? session.organizationId);
  const checked = await rotate(services, tenant, client, parts, { ...wish, userId: session.userId });
  if (checked) return refreshed(services, checked);
  return replayed(services, tenant, client, parts, wish);
}

/** The token was exchanged before: by a request that races with this one, or by somebody else long ago. */
async function replayed(
  services: Services,
  tenant: Tenant,
  client: Client,
  parts: RefreshTokenParts,
  wish: RefreshWish,
): Promise<Refresh> {
  const { organizationId } = wish;
  const { db, now } = services;
  const session = await findSessionIn(db, { environmentId: tenant.environmentId, id: parts.sessionId });
  if (session?.clientId !== client.clientId) return { outcome: 'unknown' };
  if (hasEnded(session, client, now())) return { outcome: 'ended' };
  // Nobody was: a request that this one shared its statement with asked for something else and was turned away.
  if (parts.generation === session.refreshGeneration) {
    const moved = await rotate(services, tenant, client, parts, { ...wish, userId: session.userId });
    return moved ? refreshed(services, moved) : { outcome: 'ended' };
  }
  if (isReplay(parts, session, now())) {
    if (organizationId === null || organizationId === session.organizationId) return refreshed(services, session);
    const moved = await db.transaction(async (tx) => {
      await holdMembership(tx, tenant, session.userId, organizationId);
      return moveToOrganization(tx, session, session.refreshGeneration, organizationId, now());
    });
    return moved ? refreshed(services, moved) : { outcome: 'ended' };
  }
  await endForReuse(services, tenant, session);
  return { outcome: 'reused' };
}

/** The clocks are those of today where they are shorter than the ones it was made under. */
function hasEnded(session: SessionRow, client: Client, at: Date): boolean {
  const { begunAfter, usedAfter } = clocksOf(client, at);
  const isTooOld = session.createdAt <= begunAfter || (session.refreshedAt ?? session.createdAt) <= usedAfter;
  return session.endedAt !== null || isExpired(session, at) || isTooOld;
}

const clocksOf = ({ environment: { settings } }: Client, at: Date) => ({
  idleExpiresAt: after(at, seconds(settings.sessionIdleSeconds)),
  ...cutOffs(settings, at),
});

function rotate(
  { db, now }: Pick<Services, 'db' | 'now'>,
  tenant: Tenant,
  client: Client,
  { sessionId: id, generation }: RefreshTokenParts,
  checked: Checked | null,
): Promise<SessionRow | null> {
  const { environmentId } = tenant;
  const at = now();
  const { clientId } = client;
  const organizationId = checked?.organizationId ?? null;
  const isChecked = checked !== null;
  const times = { jti: bareUlid(at), at, ...clocksOf(client, at) };
  const rotation = { environmentId, id, clientId, generation, ...times, organizationId, isChecked };
  if (checked === null || organizationId === null) return rotateSession(db, rotation);
  // Whoever ends the membership meanwhile either waits and finds the session in the organization, or is seen here.
  return db.transaction(async (tx) => {
    await holdMembership(tx, tenant, checked.userId, organizationId);
    return rotateOne(tx, rotation);
  });
}

/** What policy has been asked about. */
interface Checked extends Pick<RefreshWish, 'organizationId'> {
  readonly userId: string;
}

/** Whether the token was used a moment ago; of one that has more successors than are remembered nobody knows when. */
function isReplay({ generation }: RefreshTokenParts, session: SessionRow, at: Date): boolean {
  const usedAt = session.recentRefreshes?.split(' ')[session.refreshGeneration - 1 - generation];
  // The distance and not the age: when a clock is set back, a token used "later than now" stays spent.
  return Boolean(usedAt) && Math.abs(at.getTime() - Number(usedAt)) <= replayWindowMs;
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
