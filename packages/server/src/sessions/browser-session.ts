import {
  after,
  type CookieToSet,
  type Db,
  newId,
  type RequestInfo,
  type Secret,
  type Services,
  seconds,
  sha256,
  type Tenant,
} from '../core/index.ts';
import type { Environment, Settings } from '../environments/index.ts';
import type { AuthenticationMethod } from '../protocol/index.ts';
import {
  type BrowserSessionRow,
  endBrowserSession,
  findBrowserSession,
  insertBrowserSession,
  renewBrowserSession,
  touchBrowserSession,
} from './browser-session.store.ts';
import { cutOffs } from './clocks.ts';
import { idleUntil } from './logic.ts';
import type { Proven } from './proven.ts';

/** One cookie per environment: one origin serves many, and cookies ignore ports. */
const browserCookieName = (environmentId: string): string =>
  `authkit-session-${environmentId.slice('environment_'.length).toLowerCase()}`;

export const browserTokenOf = (request: RequestInfo, environmentId: string): string | null =>
  request.cookie(browserCookieName(environmentId));

/** Inactivity is written down at most this often. */
const touchEveryMs = seconds(60);

/** The person's sign-in in this browser, or null when there is none that still counts. */
export async function currentBrowserSession(
  { db, now }: Pick<Services, 'db' | 'now'>,
  tenant: Tenant,
  environment: Environment,
  request: RequestInfo,
): Promise<BrowserSessionRow | null> {
  const token = browserTokenOf(request, environment.id);
  if (!token) return null;
  const session = await findBrowserSession(db, tenant, sha256(token));
  const at = now();
  const { settings } = environment;
  if (!session || session.endedAt || hasRunOut(session, settings, at)) return null;
  if (session.usedAt === null || at.getTime() - session.usedAt.getTime() > touchEveryMs)
    await touchBrowserSession(db, session.id, at, idleUntil(settings, at, session.expiresAt));
  return session;
}

/** By the clocks it was made under, or by those of today. */
function hasRunOut(
  { expiresAt, idleExpiresAt, authenticatedAt, usedAt }: BrowserSessionRow,
  settings: Settings,
  at: Date,
): boolean {
  const { begunAfter, usedAfter } = cutOffs(settings, at);
  const isTooOld = authenticatedAt <= begunAfter || (usedAt !== null && usedAt <= usedAfter);
  return expiresAt <= at || idleExpiresAt <= at || isTooOld;
}

interface NewBrowserSession {
  readonly userId: string;
  readonly token: Secret;
  /** The token of the sign-in this browser had until now. It works no more (ASVS 7.2.4). */
  readonly replaced: string | null;
  readonly authenticationMethod: AuthenticationMethod;
  readonly proven: Proven;
  readonly organizationId: string | null;
  /** When the person last proved who they are. */
  readonly authenticatedAt: Date;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
}

/**
 * Signs the person in in this browser. The token is given, because a form sent twice must get the same one.
 *
 * The same person signing in again goes on with the row they have, under the new token, so that signing out of one of
 * the apps they were in before still ends it.
 *
 * @returns the sign-in; `isAgain` where it was theirs before
 */
export async function createBrowserSession(
  { now }: Pick<Services, 'now'>,
  tx: Db,
  tenant: Tenant,
  settings: Settings,
  { token, replaced, ...wanted }: NewBrowserSession,
): Promise<BrowserSessionRow & { readonly isAgain: boolean }> {
  const at = now();
  const expiresAt = after(at, seconds(settings.sessionMaxSeconds));
  const session: BrowserSessionRow = {
    id: newId('browserSession', at),
    environmentId: tenant.environmentId,
    tokenHash: token.hash(),
    ...wanted,
    usedAt: at,
    idleExpiresAt: idleUntil(settings, at, expiresAt),
    expiresAt,
    endedAt: null,
    createdAt: at,
  };
  const before = replaced === null ? null : await findBrowserSession(tx, tenant, sha256(replaced));
  if (before?.userId === wanted.userId) {
    const renewed = await renewBrowserSession(tx, tenant, { ...session, id: before.id });
    if (renewed) return { ...renewed, isAgain: true };
  } else if (before) {
    await endBrowserSession(tx, tenant, before.id, at);
  }
  await insertBrowserSession(tx, session);
  return { ...session, isAgain: false };
}

export const browserCookie = (environment: Environment, token: Secret): CookieToSet => ({
  name: browserCookieName(environment.id),
  value: token.reveal(),
  maxAgeSeconds: environment.settings.sessionMaxSeconds,
});

export const clearedBrowserCookie = (environmentId: string): CookieToSet => ({
  name: browserCookieName(environmentId),
  value: '',
});
