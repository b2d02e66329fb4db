import { ApiError, OAuthError } from '../core/index.ts';

export class InvalidRequest extends OAuthError {
  static override readonly code = 'invalid_request';
}

export class UnsupportedGrantType extends OAuthError {
  static override readonly code = 'unsupported_grant_type';
}

export class InvalidClient extends OAuthError {
  static override readonly code = 'invalid_client';
}

/** The client may not use this grant in this way: without its secret, for one. */
export class UnauthorizedClient extends OAuthError {
  static override readonly code = 'unauthorized_client';
}

/** Terminal: SDKs drop the session on it. A passing outage must never end here. */
export class InvalidGrant extends OAuthError {
  static override readonly code = 'invalid_grant';
}

export class OrganizationNotFound extends OAuthError {
  static override readonly code = 'organization_not_found';
}

/** A verifier came for a code that was asked for without a challenge (RFC 9700 section 4.8.2). */
export class CodeChallengeNotFound extends ApiError {
  static override readonly code = 'code_challenge_not_found';
  static override readonly status = 400;
}
