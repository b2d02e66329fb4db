import { type Attempt, type AttemptRow, findAttempt, startOver } from '../attempts/index.ts';
import { type Look, lookFor } from '../branding/index.ts';
import {
  authenticatedTenant,
  base62,
  type CookieToSet,
  type RequestInfo,
  type Secret,
  type Services,
  sameText,
  seconds,
  sha256,
  type Tenant,
} from '../core/index.ts';
import { type Client, findClient, firstEnvironment } from '../environments/index.ts';
import { findOpenToken } from '../organizations/index.ts';
import type { AuthenticationMethod } from '../protocol/index.ts';
import { type Device, deviceOf } from '../radar/index.ts';
import { browserTokenOf, isBrowserSessionOpen } from '../sessions/index.ts';
import { type Locale, localeOf } from '../texts/index.ts';
import { AttemptOver, ForgedForm } from './errors.ts';
import { lastMethodOf } from './last-method.ts';
import { toDashboard, toSignIn, type WayIn } from './way-in.ts';

const cookiePrefix = 'authkit-attempt-';
/** A browser that opens sign-ins without end must not outgrow the size of a request. */
const maxOpenAttempts = 5;
/** Longer than the attempt lives: the page that says it is over offers its own browser to begin it anew. */
const cookieSeconds = 2 * 3600;

const cookieNameOf = (attemptId: string): string => cookiePrefix + attemptId.slice('attempt_'.length).toLowerCase();

/** The cookie that proves this browser began the attempt; the oldest ones beyond five are forgotten. */
export function attemptCookies(request: RequestInfo, attemptId: string, secret: Secret): CookieToSet[] {
  const others = request
    .cookieNames()
    .filter((name) => name.startsWith(cookiePrefix))
    .sort();
  const outdated = others.slice(0, Math.max(0, others.length - (maxOpenAttempts - 1)));
  return [
    { name: cookieNameOf(attemptId), value: secret.reveal(), maxAgeSeconds: cookieSeconds },
    ...outdated.map((name) => ({ name, value: '' })),
  ];
}

/** An attempt that this browser began and may go on with. */
export interface OpenAttempt {
  readonly attempt: Attempt;
  readonly client: Client;
  readonly tenant: Tenant;
  /** Of every form of this attempt. */
  readonly csrf: string;
  /** Of the sign-in this browser has already, if it has one: the attempt's takes its place. */
  readonly browserToken: string | null;
  /** Where the person sits, as this request says. */
  readonly place: Place;
  /** What the person sits at: the mail about a new one goes by it. */
  readonly device: Device;
  /** How somebody signed in with it last. */
  readonly lastMethod: AuthenticationMethod | null;
  /** The language of its pages and of the mails they cause. */
  readonly locale: Locale;
  /** How the app's environment looks. */
  readonly look: Look;
}

interface Place {
  readonly ipAddress: string;
  readonly userAgent: string | null;
}

/** How long a finished attempt answers a form that was sent twice. */
const repeatMs = seconds(60);

/**
 * The attempt an address names, if this browser holds its secret.
 *
 * @param mayRepeat - a form of an attempt that has just finished is answered once more, as it was sent twice
 * @throws {AttemptOver} when it is unknown, another browser's, expired, or finished for good
 */
export async function openAttempt(
  services: Services,
  attemptId: string,
  request: RequestInfo,
  { mayRepeat }: { mayRepeat: boolean },
): Promise<OpenAttempt> {
  const row = await findAttempt(services.db, attemptId);
  const secret = request.cookie(cookieNameOf(attemptId));
  const isOurs = row !== null && row.request.destination.kind !== 'api';
  const client = row && (await findClient(services, row.clientId));
  if (!isOurs || !client || secret === null || !sameText(sha256(secret), row.secretHash))
    throw await notHere(services, client);
  const at = services.now();
  const attempt = await asItStands(services, row, at);
  if (row.expiresAt <= at) throw await over(services, attempt, client);
  if (row.finishedAt && !(mayRepeat && at.getTime() - row.finishedAt.getTime() <= repeatMs))
    throw await over(services, attempt, client);
  return openedBy(services, attempt, client, secret, request);
}

/**
 * What an attempt took from the browser's earlier sign-in ends with that: whoever signed out, here or from elsewhere, is
 * not signed in by a page that was left open. Looking writes nothing; the next form does.
 */
async function asItStands({ db }: Services, { secretHash: _, ...attempt }: AttemptRow, at: Date): Promise<Attempt> {
  const { browserSessionId } = attempt.answers;
  if (attempt.finishedAt || browserSessionId === undefined) return attempt;
  const isOpen = await isBrowserSessionOpen(db, tenantOfAttempt(attempt), browserSessionId, at);
  // The answers stay, so that whatever a form saves beside its step is still known to rest on what has ended.
  return isOpen ? attempt : { ...attempt, ...startOver(attempt), answers: attempt.answers };
}

/** The attempt in the hands of the browser that holds its secret. */
export const openedBy = async (
  services: Services,
  attempt: Attempt,
  client: Client,
  secret: string,
  request: RequestInfo,
): Promise<OpenAttempt> => ({
  attempt,
  client,
  tenant: tenantOfAttempt(attempt),
  csrf: csrfToken(services, secret),
  browserToken: browserTokenOf(request, attempt.environmentId),
  device: deviceOf(services, tenantOfAttempt(attempt), request, attempt.id),
  lastMethod: lastMethodOf(attempt, request),
  place: { ipAddress: request.ip, userAgent: request.userAgent },
  locale: localeOf(request, {
    uiLocales: attempt.request.uiLocales,
    defaultLocale: client.environment.settings.defaultLocale,
  }),
  look: await lookFor(services, client.environment.id, request),
});

const tenantOfAttempt = ({ environmentId, userId, id, email }: Attempt): Tenant =>
  authenticatedTenant(environmentId, { type: 'user', id: userId ?? id, name: email });

/** Bound to the browser's secret, so a token from one attempt or one browser is useless in another. */
const csrfToken = ({ vault }: Services, secret: string): string => base62(vault.mac('csrf', secret));

/** Where the same sign-in begins anew; only for a browser that has proved that the attempt is its own. */
async function restartPath(services: Services, attempt: Attempt): Promise<string> {
  const { clientId, request } = attempt;
  const { destination } = request;
  if (destination.kind !== 'app') return destination.kind === 'page' ? destination.path : '/sign-in';
  const { redirectUri, codeChallenge, state } = destination;
  const { invitationId } = request;
  // Nobody is asked twice for what they typed (WCAG 2.2, 3.3.7).
  const loginHint = attempt.email ?? request.loginHint;
  const invitationToken = invitationId && (await findOpenToken(services, tenantOfAttempt(attempt), invitationId));
  const query = new URLSearchParams({
    response_type: 'code',
    // Attempts of an earlier version say nothing of connections.
    ...(request.connectionId ? { connection_id: request.connectionId } : { provider: request.provider ?? 'authkit' }),
    client_id: clientId,
    redirect_uri: redirectUri,
    ...(codeChallenge && { code_challenge: codeChallenge, code_challenge_method: 'S256' }),
    ...(request.screenHint === 'sign-up' && { screen_hint: 'sign-up' }),
    ...(loginHint && { login_hint: loginHint }),
    ...(request.asksAgain && { prompt: 'login' }),
    ...(request.organizationId &&
      request.provider === null &&
      !request.connectionId && { organization_id: request.organizationId }),
    ...(request.uiLocales && { ui_locales: request.uiLocales }),
    ...(invitationToken && { invitation_token: invitationToken }),
  });
  return `/user_management/authorize?${query}${state === null ? '' : `&state=${state}`}`;
}

async function over(services: Services, attempt: Attempt, client: Client): Promise<AttemptOver> {
  if (client.environment.isHidden) return notHere(services, client);
  return new AttemptOver({
    ...isOver,
    advice: 'errors.attemptOverAdvice',
    restart: { label: 'common.startAgain', url: await restartPath(services, attempt) },
    clientId: client.clientId,
  });
}

/**
 * What a bookmark of a page leads to, or a link that was sent to somebody else: where the app begins its sign-ins. By a
 * link and not by itself: a browser that keeps no cookies would go round for ever.
 */
async function notHere(services: Services, client: Client | null): Promise<AttemptOver> {
  return new AttemptOver({ ...isOver, ...(await wayIn(services, client)), clientId: client?.clientId ?? null });
}

const isOver = { heading: 'errors.attemptOver', message: 'errors.attemptOverWhy' } as const;

/** Nobody's page is as good as the first environment's. */
async function wayIn(services: Services, client: Client | null): Promise<WayIn> {
  if (client?.environment.isHidden) return toDashboard;
  const app = client ?? (await firstEnvironment(services))?.client;
  return toSignIn(app, `/sign-in?client_id=${encodeURIComponent(app?.clientId ?? '')}`, 'errors.signInFromApp');
}

/**
 * A form must come from our own page in this browser: its token, and what the browser says of where it came from.
 *
 * Our pages send `Referrer-Policy: no-referrer`, which makes browsers send `Origin: null` with forms of our own, so
 * that value counts together with `Sec-Fetch-Site` only.
 *
 * @throws {ForgedForm}
 */
export function assertOwnForm(
  services: Services,
  { csrf, client }: OpenAttempt,
  presented: string,
  request: RequestInfo,
): void {
  if (sameText(presented, csrf) && isSameOrigin(services, request)) return;
  throw new ForgedForm({
    heading: 'errors.forgedForm',
    message: 'errors.forgedFormWhy',
    advice: 'errors.forgedFormAdvice',
    clientId: client.clientId,
  });
}

export function isSameOrigin({ config }: Pick<Services, 'config'>, request: RequestInfo): boolean {
  const site = request.header('sec-fetch-site');
  if (site !== null) return site === 'same-origin';
  return request.origin === null || request.origin === config.publicUrl;
}
