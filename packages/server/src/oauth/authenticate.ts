import type { z } from 'zod';
import { type RequestInfo, Secret, type Services } from '../core/index.ts';
import { accessTokenOf, refreshSession, refreshToken, type SessionRow } from '../sessions/index.ts';
import { readUser, toWire as toWireUser } from '../users/index.ts';
import { type AuthenticatedClient, authenticateClient } from './client-authentication.ts';
import { redeemCode } from './codes.ts';
import {
  CodeChallengeNotFound,
  CodeRefused,
  InvalidGrant,
  InvalidRequest,
  OrganizationNotFound,
  UnauthorizedClient,
  UnsupportedGrantType,
} from './errors.ts';
import {
  AuthenticateRequest,
  type AuthenticateResponse,
  type AuthorizationCodeRequest,
  type RefreshTokenRequest,
} from './schema.ts';

interface Granted {
  readonly session: SessionRow;
  readonly refreshToken: string;
}

/** POST /user_management/authenticate (RFC 6749 section 3.2). Every grant passes these steps, in this order. */
export async function authenticate(
  services: Services,
  body: unknown,
  request: RequestInfo,
): Promise<z.input<typeof AuthenticateResponse>> {
  const wanted = parseRequest(body);
  const caller = await authenticateClient(services, wanted.client_id, secretOf(wanted.client_secret, request));
  const granted = await grant(services, caller, wanted, request);
  return respond(services, caller, granted);
}

type Wanted = z.output<typeof AuthenticateRequest>;

/** Malformed requests are answered in OAuth's shape here, whatever the grant (RFC 6749 section 5.2). */
function parseRequest(body: unknown): Wanted {
  const parsed = AuthenticateRequest.safeParse(body);
  if (parsed.success) return parsed.data;
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

function grant(
  services: Services,
  caller: AuthenticatedClient,
  wanted: Wanted,
  request: RequestInfo,
): Promise<Granted> {
  switch (wanted.grant_type) {
    case 'authorization_code':
      return byCode(services, caller, wanted, request);
    case 'refresh_token':
      return byRefreshToken(services, caller, wanted);
    default:
      throw new UnsupportedGrantType(`This server does not offer the grant '${wanted.grant_type}' yet.`);
  }
}

async function byCode(
  services: Services,
  caller: AuthenticatedClient,
  wanted: AuthorizationCodeRequest,
  request: RequestInfo,
): Promise<Granted> {
  const codeVerifier = wanted.code_verifier || null;
  // Refused before the code is looked at: whoever has neither secret nor verifier must not be able to burn it.
  if (!caller.isConfidential && codeVerifier === null) {
    throw new UnauthorizedClient(
      'Send the client secret, or the code_verifier of a code that was asked for with PKCE.',
    );
  }
  const result = await redeemCode(services, caller.tenant, {
    code: new Secret(wanted.code),
    client: caller.client,
    isConfidential: caller.isConfidential,
    codeVerifier,
    ...endUserOf(wanted, caller, request),
  });
  switch (result.outcome) {
    case 'redeemed':
      return {
        session: result.session,
        refreshToken: refreshToken(services.vault, result.session.environmentId, result.session.id, 0),
      };
    case 'no_challenge':
      throw new CodeChallengeNotFound('A code_verifier was sent, but the code was asked for without a code_challenge.');
    case 'unknown':
    case 'replayed':
    case 'expired':
    case 'other_client':
    case 'wrong_verifier':
    case 'verifier_missing':
    case 'secret_required':
    case 'signed_out':
      throw new CodeRefused(wanted.code, result.outcome);
  }
}

/** What an app's server reports is shown to people, and kept no longer than what we see ourselves. */
const maxAddressLength = 64;
const maxUserAgentLength = 512;

/** A server's own address says nothing about the person; what it reports does. A browser speaks for itself. */
function endUserOf(wanted: AuthorizationCodeRequest, { isConfidential }: AuthenticatedClient, request: RequestInfo) {
  if (!isConfidential) return { ipAddress: request.ip, userAgent: request.userAgent };
  return {
    ipAddress: wanted.ip_address?.slice(0, maxAddressLength) ?? request.ip,
    userAgent: wanted.user_agent?.slice(0, maxUserAgentLength) ?? request.userAgent,
  };
}

async function byRefreshToken(
  services: Services,
  caller: AuthenticatedClient,
  wanted: RefreshTokenRequest,
): Promise<Granted> {
  if (!wanted.refresh_token) throw new InvalidRequest('Missing refresh token.');
  if (wanted.organization_id) throw new OrganizationNotFound(`Organization not found: '${wanted.organization_id}'.`);
  const result = await refreshSession(services, caller.tenant, caller.client, wanted.refresh_token);
  switch (result.outcome) {
    case 'refreshed':
      return result;
    case 'unknown':
      throw new InvalidGrant('Invalid refresh token.');
    case 'ended':
      throw new InvalidGrant('Session has already ended.');
    case 'reused':
      throw new InvalidGrant('Refresh token already exchanged.');
  }
}

/** Optional fields are left out rather than null, and nothing is added: SDKs seal this answer into a 4 KB cookie. */
async function respond(
  services: Services,
  { tenant, client }: AuthenticatedClient,
  granted: Granted,
): Promise<z.input<typeof AuthenticateResponse>> {
  const { session } = granted;
  const [user, accessToken] = await Promise.all([
    readUser(services.db, tenant, session.userId),
    accessTokenOf(services, session, client),
  ]);
  if (!user) throw new InvalidGrant('Session has already ended.');
  return {
    user: toWireUser(user),
    ...(session.organizationId === null ? {} : { organization_id: session.organizationId }),
    access_token: accessToken,
    refresh_token: granted.refreshToken,
    authentication_method: session.authenticationMethod,
  };
}
