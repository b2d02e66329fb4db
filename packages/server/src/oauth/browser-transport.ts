/**
 * How a single-page app keeps its session without holding the refresh token: we do, in a cookie that scripts cannot read,
 * and a second one that they can tells the app's SDK that asking for a refresh is worth it.
 *
 * Cookies come along with any request to us, whoever caused it, so the token of a cookie counts only together with an
 * `Origin` that the client lists: browsers write that header themselves, and pages of others cannot change it.
 */
import { getDomain } from 'tldts';
import type { CookieToSet, RequestInfo, Services } from '../core/index.ts';
import { type Client, isAllowedOrigin } from '../environments/index.ts';
import type { SessionRow } from '../sessions/index.ts';
import type { AuthenticatedClient } from './client-authentication.ts';

/** One per client: apps of one installation share our origin, and each has its own session. */
const tokenCookiePrefix = 'authkit-refresh-';
/** The SDK looks for this very name. */
const markerName = 'workos-has-session';
/** Of what is left after a sign-out. It may outlive a session: a refresh then says that there is none. */
const leftMarkerSeconds = 30 * 86_400;

/** Whether a page that the client lists is asking. A caller with the secret is a server, whatever it says of itself. */
export async function isListedPage(
  services: Services,
  { client, isConfidential }: Pick<AuthenticatedClient, 'client' | 'isConfidential'>,
  { origin }: RequestInfo,
): Promise<boolean> {
  return !isConfidential && origin !== null && (await isAllowedOrigin(services, origin, client.clientId));
}

export const refreshTokenCookie = (request: RequestInfo, { clientId }: Pick<Client, 'clientId'>): string | null =>
  request.cookie(tokenCookiePrefix + clientId) || null;

/** Hands the session to the browser, until the session ends. */
export function keptInBrowser(
  services: Services,
  request: RequestInfo,
  { clientId }: Pick<Client, 'clientId'>,
  session: Pick<SessionRow, 'expiresAt'>,
  refreshToken: string,
): CookieToSet[] {
  const maxAgeSeconds = Math.ceil((session.expiresAt.getTime() - services.now().getTime()) / 1000);
  const clientIds = new Set([...clientsIn(request), clientId]);
  return [
    { name: tokenCookiePrefix + clientId, value: refreshToken, maxAgeSeconds, sameSite: 'none' },
    marker(services, [...clientIds], maxAgeSeconds),
  ];
}

/** Takes the session of a client from the browser, if it has one; those of other clients stay. */
export function takenFromBrowser(
  services: Services,
  request: RequestInfo,
  { clientId }: Pick<Client, 'clientId'>,
): CookieToSet[] {
  const clientIds = clientsIn(request);
  if (!clientIds.includes(clientId) && !carriesMarker(request)) return [];
  const others = clientIds.filter((each) => each !== clientId);
  return [
    { name: tokenCookiePrefix + clientId, value: '', sameSite: 'none' },
    marker(services, others, leftMarkerSeconds),
  ];
}

/** Whose sessions this browser holds. The marker could say so too, but any script may have written that. */
const clientsIn = (request: RequestInfo): string[] =>
  request
    .cookieNames()
    .filter((name) => name.startsWith(tokenCookiePrefix))
    .map((name) => name.slice(tokenCookiePrefix.length));

const carriesMarker = (request: RequestInfo): boolean =>
  new RegExp(`(?:^|;\\s*)${markerName}=`).test(request.header('cookie') ?? '');

/** Names the clients with a session, and nothing else: a script of the app reads it. */
function marker({ config }: Services, clientIds: readonly string[], maxAgeSeconds: number): CookieToSet {
  // The app is a sibling of ours, `app.example.com` beside `auth.example.com`; a name without siblings stays its own.
  const domain = getDomain(config.publicUrl, { allowPrivateDomains: true });
  return {
    name: markerName,
    value: clientIds.join('.'),
    sameSite: 'none',
    scriptReadable: true,
    exactName: true,
    maxAgeSeconds,
    ...(domain === null ? {} : { domain }),
  };
}
