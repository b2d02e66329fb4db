import { z } from 'zod';
import { AuthenticationMethodNotAllowed, EmailPasswordAuthDisabled } from '../authentication/index.ts';
import { anyone, type Route, reply, route } from '../core/index.ts';
import { TokenTooBig } from '../jwt-templates/index.ts';
import {
  InvalidOneTimeCode,
  OneTimeCodeExpired,
  OneTimeCodePreviouslyUsed,
  OneTimeCodeTooManyAttempts,
} from '../mfa/index.ts';
import {
  InvitationCannotBeUsedForEmail,
  InvitationInvalid,
  OrganizationMembershipNotFound,
  OrganizationNotFound,
} from '../organizations/index.ts';
import { authenticate } from './authenticate.ts';
import { deviceRoutes } from './device/index.ts';
import {
  AccessDenied,
  AuthorizationPending,
  CodeChallengeNotFound,
  EmailVerificationRequired,
  ExpiredToken,
  InvalidClient,
  InvalidCredentials,
  InvalidGrant,
  InvalidLinkAuthorizationCode,
  InvalidPendingAuthenticationToken,
  InvalidRequest,
  MfaChallenge,
  MfaEnrollment,
  MfaEnrollmentAtRefresh,
  OrganizationAuthenticationMethodsRequired,
  OrganizationSelectionRequired,
  SlowDown,
  SsoRequired,
  UnauthorizedClient,
  UnsupportedGrantType,
  UserMismatch,
} from './errors.ts';
import { AuthenticateRequest, AuthenticateResponse } from './schema.ts';
import { SignOutRedirectInvalid, SignOutRedirectMissing, signOut } from './sign-out.ts';
import { ssoTokenRoutes } from './sso-token.routes.ts';

const token = route(
  {
    operationId: 'authenticate',
    method: 'POST',
    path: '/user_management/authenticate',
    summary: 'Exchange a grant for tokens',
    description: 'The token endpoint (RFC 6749 section 3.2). JSON, or form encoding as RFC clients send it.',
    auth: anyone('the grant itself is the credential; the client authenticates inside'),
    documentedBody: AuthenticateRequest,
    returns: { status: 200, body: AuthenticateResponse },
    errors: [
      InvalidRequest,
      InvalidClient,
      UnauthorizedClient,
      InvalidGrant,
      UnsupportedGrantType,
      OrganizationNotFound,
      OrganizationMembershipNotFound,
      InvitationInvalid,
      InvitationCannotBeUsedForEmail,
      OrganizationAuthenticationMethodsRequired,
      OrganizationSelectionRequired,
      SsoRequired,
      AuthenticationMethodNotAllowed,
      EmailPasswordAuthDisabled,
      CodeChallengeNotFound,
      InvalidCredentials,
      InvalidLinkAuthorizationCode,
      InvalidOneTimeCode,
      OneTimeCodePreviouslyUsed,
      OneTimeCodeExpired,
      OneTimeCodeTooManyAttempts,
      InvalidPendingAuthenticationToken,
      EmailVerificationRequired,
      MfaChallenge,
      MfaEnrollment,
      MfaEnrollmentAtRefresh,
      TokenTooBig,
      AuthorizationPending,
      SlowDown,
      AccessDenied,
      ExpiredToken,
      InvalidOneTimeCode,
      OneTimeCodePreviouslyUsed,
      OneTimeCodeExpired,
      OneTimeCodeTooManyAttempts,
      UserMismatch,
    ],
    body: z.unknown(),
    form: true,
    cors: 'client',
  },
  ({ body, request }, services) => authenticate(services, body, request),
);

const signOutRoute = route(
  {
    operationId: 'signOut',
    method: 'GET',
    path: '/user_management/sessions/logout',
    summary: 'Sign a person out and send them back to the app',
    auth: anyone('SDKs open it as a link, also after the access token has run out; the session id names what ends'),
    query: z.object({
      session_id: z.string().min(1).describe('`sid` of the access token.'),
      return_to: z.string().optional().describe('One of the sign-out redirects; the default one when not given.'),
    }),
    returns: {
      status: 302,
      description: 'To the sign-out redirect.',
      also: [
        {
          status: 200,
          description: 'Called by a script that follows no redirect (`Sec-Fetch-Mode: no-cors`). The body is empty.',
        },
      ],
    },
    errors: [SignOutRedirectMissing, SignOutRedirectInvalid],
    page: true,
    documented: true,
  },
  async ({ query, request }, services) => {
    const { cookies, destination } = await signOut(services, query.session_id, query.return_to, request);
    if (request.header('sec-fetch-mode') === 'no-cors') return reply.empty({ cookies });
    if (typeof destination !== 'string') throw destination;
    return reply.redirect(destination, { cookies });
  },
);

export const oauthRoutes: readonly Route[] = [token, ...deviceRoutes, signOutRoute, ...ssoTokenRoutes];
