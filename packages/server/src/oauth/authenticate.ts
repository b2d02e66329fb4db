import type { z } from 'zod';
import { type Reply, type RequestInfo, reply, type Services } from '../core/index.ts';
import { ownClaims } from '../jwt-templates/index.ts';
import { grantTypes } from '../protocol/index.ts';
import { accessTokenOf } from '../sessions/index.ts';
import { toOAuthTokens } from '../social/index.ts';
import { readUser, toWire as toWireUser } from '../users/index.ts';
import { isListedPage, keptInBrowser } from './browser-transport.ts';
import { type AuthenticatedClient, authenticateClient } from './client-authentication.ts';
import { InvalidGrant, InvalidRequest, UnauthorizedClient, UnsupportedGrantType } from './errors.ts';
import type { Grant, Granted } from './grants/grant.ts';
import { grantOf } from './grants/index.ts';
import type { AuthenticateResponse } from './schema.ts';

/** POST /user_management/authenticate (RFC 6749 section 3.2). Every grant passes these steps, in this order. */
export async function authenticate(services: Services, body: unknown, request: RequestInfo): Promise<Reply> {
  const { grant, wanted } = parseRequest(body);
  const caller = await authenticateClient(services, wanted.client_id, secretOf(wanted.client_secret, request), request);
  if (grant.client === 'secret' && !caller.isConfidential) {
    throw new UnauthorizedClient('This grant needs the client secret: an API key of the environment.');
  }
  const granted = await grant.authorize(services, caller, wanted, request);
  const answer = await respond(services, caller, granted);
  const isKept = await isListedPage(services, caller, request);
  const cookies = isKept ? keptInBrowser(services, request, caller.client, granted.session, granted.refreshToken) : [];
  return reply.json(answer, { cookies });
}

const isKnown = (type: string): boolean => (Object.values(grantTypes) as string[]).includes(type);

interface Wanted {
  readonly client_id: string;
  readonly client_secret?: string | null | undefined;
}

/** Malformed requests are answered in OAuth's shape here, whatever the grant (RFC 6749 section 5.2). */
function parseRequest(body: unknown): { grant: Grant; wanted: Wanted } {
  const type = typeof body === 'object' && body !== null && 'grant_type' in body ? body.grant_type : undefined;
  if (type === undefined) throw new InvalidRequest("The parameter 'grant_type' is missing.");
  if (typeof type !== 'string') throw new InvalidRequest("The parameter 'grant_type' is not valid.");
  const grant = grantOf(type);
  if (!grant)
    throw isKnown(type)
      ? new UnsupportedGrantType(`This server does not offer the grant '${type}'.`)
      : new InvalidRequest("The parameter 'grant_type' is not valid.");
  const parsed = grant.body.safeParse(body);
  if (parsed.success) return { grant, wanted: parsed.data as Wanted };
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') || 'grant_type';
  const isSent = typeof body === 'object' && body !== null && field in body;
  throw new InvalidRequest(isSent ? `The parameter '${field}' is not valid.` : `The parameter '${field}' is missing.`);
}

/** The body's secret wins; some SDKs send only the header, others both. */
function secretOf(fromBody: string | null | undefined, { authorization }: RequestInfo): string | null {
  if (fromBody) return fromBody;
  return /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1] ?? null;
}

/** Optional fields are left out rather than null, and nothing is added: SDKs seal this answer into a 4 KB cookie. */
async function respond(
  services: Services,
  { tenant, client, jwtTemplate }: AuthenticatedClient,
  granted: Granted,
): Promise<z.input<typeof AuthenticateResponse>> {
  const { session } = granted;
  const tokenOf = async (): Promise<string> => {
    const own = granted.ownClaims ?? (await ownClaims(services.db, tenant, jwtTemplate, session));
    return accessTokenOf(services, session, client, own);
  };
  const [user, accessToken] = await Promise.all([
    granted.user ?? readUser(services.db, tenant, session.userId),
    tokenOf(),
  ]);
  if (!user) throw new InvalidGrant('Session has already ended.');
  return {
    user: toWireUser(user),
    ...(session.organizationId === null ? {} : { organization_id: session.organizationId }),
    access_token: accessToken,
    refresh_token: granted.refreshToken,
    authentication_method: session.authenticationMethod,
    ...(granted.isTokenTypeNamed && {
      token_type: 'Bearer' as const,
      expires_in: client.environment.settings.accessTokenSeconds,
    }),
    ...(granted.providerTokens ? { oauth_tokens: toOAuthTokens(granted.providerTokens) } : {}),
    ...(session.impersonator === null ? {} : { impersonator: { ...session.impersonator } }),
  };
}
