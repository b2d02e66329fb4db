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

/**
 * The answer names the code, as the published contract does. The message does not: it is what the log gets, and a code
 * that came to the wrong place may still be good.
 */
export class CodeRefused extends InvalidGrant {
  readonly #code: string;

  constructor(code: string, detail: string) {
    super('The code has expired or is invalid.', {}, { detail });
    this.#code = code;
  }

  override toBody(): Record<string, unknown> {
    const message = `The code '${this.#code.slice(0, 64)}' has expired or is invalid.`;
    return { ...super.toBody(), error_description: message, message };
  }
}

export class OrganizationNotFound extends OAuthError {
  static override readonly code = 'organization_not_found';
}

/** A verifier came for a code that was asked for without a challenge (RFC 9700 section 4.8.2). */
export class CodeChallengeNotFound extends ApiError {
  static override readonly code = 'code_challenge_not_found';
  static override readonly status = 400;
}
