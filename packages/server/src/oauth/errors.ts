import type { Membership } from '../attempts/index.ts';
import { ApiError, OAuthError } from '../core/index.ts';
import type { AuthenticationMethod } from '../protocol/index.ts';
import type { UserWire } from '../users/index.ts';

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

/** RFC 8628 section 3.5: nobody has answered; the device asks again. */
export class AuthorizationPending extends OAuthError {
  static override readonly code = 'authorization_pending';
}

/** The same, and the device asks too often. */
export class SlowDown extends OAuthError {
  static override readonly code = 'slow_down';
}

/** The person turned the device away. */
export class AccessDenied extends OAuthError {
  static override readonly code = 'access_denied';
}

/** Nobody answered in time. */
export class ExpiredToken extends OAuthError {
  static override readonly code = 'expired_token';
}

/** A verifier came for a code that was asked for without a challenge (RFC 9700 section 4.8.2). */
export class CodeChallengeNotFound extends ApiError {
  static override readonly code = 'code_challenge_not_found';
  static override readonly status = 400;
}

/** A wrong password, or nobody with that address: one and the same answer. */
export class InvalidCredentials extends ApiError {
  static override readonly code = 'invalid_credentials';
  static override readonly status = 400;
  readonly #email: string;

  constructor(email: string) {
    super('The email or the password is not right.');
    this.#email = email;
  }

  /** The published contract repeats the address; the log, which gets the message, does not. */
  override toBody(): Record<string, unknown> {
    return { ...super.toBody(), message: `Invalid credentials for '${this.#email}'.` };
  }
}

/** Unknown, used, expired, another client's or for another step: one answer. */
export class InvalidPendingAuthenticationToken extends ApiError {
  static override readonly code = 'invalid_pending_authentication_token';
  static override readonly status = 400;
  readonly #token: string;

  constructor(token: string) {
    super('The pending_authentication_token has expired or is invalid.');
    this.#token = token;
  }

  override toBody(): Record<string, unknown> {
    const message = `The pending_authentication_token '${this.#token.slice(0, 64)}' has expired or is invalid.`;
    return { ...super.toBody(), message };
  }
}

/** The challenge belongs to another user or another sign-in, or to nobody: one answer. */
export class UserMismatch extends ApiError {
  static override readonly code = 'user_mismatch';
  static override readonly status = 400;

  constructor(challengeId: string) {
    super(`The authentication challenge '${challengeId.slice(0, 64)}' is not one of this user and this sign-in.`);
  }
}

/** A code that links an account elsewhere to one here; this server hands none out. */
export class InvalidLinkAuthorizationCode extends OAuthError {
  static override readonly code = 'invalid_link_authorization_code';

  constructor() {
    super('The link_authorization_code has expired or is invalid.');
  }
}

/** A sign-in that is not finished: 403, and the token that goes on with it. */
class StepUp extends ApiError {
  static override readonly status: number = 403;
}

export class EmailVerificationRequired extends StepUp {
  static override readonly code = 'email_verification_required';

  constructor(token: string, email: string, verificationId: string) {
    super('Email ownership must be verified before authentication.', {
      pending_authentication_token: token,
      email,
      email_verification_id: verificationId,
    });
  }
}

export class MfaEnrollment extends StepUp {
  static override readonly code = 'mfa_enrollment';

  constructor(token: string, user: UserWire) {
    super('The user must enroll in MFA to finish authenticating.', { pending_authentication_token: token, user });
  }
}

export class MfaChallenge extends StepUp {
  static override readonly code = 'mfa_challenge';

  constructor(token: string, user: UserWire, factors: readonly { readonly id: string; readonly type: string }[]) {
    super('The user must complete an MFA challenge to finish authenticating.', {
      pending_authentication_token: token,
      user,
      authentication_factors: factors.map(({ id, type }) => ({ id, type })),
    });
  }
}

export class OrganizationSelectionRequired extends StepUp {
  static override readonly code = 'organization_selection_required';

  constructor(token: string, user: UserWire, memberships: readonly Membership[]) {
    super('The user must choose an organization to finish their authentication.', {
      pending_authentication_token: token,
      user,
      organizations: memberships.map(({ organizationId: id, organizationName: name }) => ({ id, name })),
    });
  }
}

/** The organization asks for another way to sign in; told at a sign-in and at a refresh alike. */
export class OrganizationAuthenticationMethodsRequired extends OAuthError {
  static override readonly code = 'organization_authentication_methods_required';

  constructor(
    email: string,
    connectionIds: readonly string[],
    policy: Pick<Membership, 'signInMethods'> | null,
    redirectUrl: string | null,
  ) {
    const methods: readonly AuthenticationMethod[] | null = policy?.signInMethods ?? null;
    const allows = (method: AuthenticationMethod): boolean => methods?.includes(method) ?? true;
    super('User must authenticate using one of the methods allowed by the organization.', {
      email,
      sso_connection_ids: connectionIds,
      auth_methods: {
        apple_oauth: allows('AppleOAuth'),
        github_oauth: allows('GitHubOAuth'),
        google_oauth: allows('GoogleOAuth'),
        magic_auth: allows('MagicAuth'),
        microsoft_oauth: allows('MicrosoftOAuth'),
        password: allows('Password'),
      },
      ...(redirectUrl === null ? {} : { authkit_redirect_url: redirectUrl }),
    });
  }
}

/** The organization takes nothing but its own sign-on; `connection_ids` are the ones that lead there. */
export class SsoRequired extends OAuthError {
  static override readonly code = 'sso_required';

  constructor(email: string, connectionIds: readonly string[], token: string | null, redirectUrl: string | null) {
    super('User must authenticate using one of the matching connections.', {
      email,
      connection_ids: connectionIds,
      pending_authentication_token: token,
      ...(redirectUrl === null ? {} : { authkit_redirect_url: redirectUrl }),
    });
  }
}

/** A session that began with one factor, where two are asked for now: the person signs in again. */
export class MfaEnrollmentAtRefresh extends OAuthError {
  static override readonly code = 'mfa_enrollment';

  constructor(redirectUrl: string) {
    super('The user must enroll in MFA to finish authenticating.', { authkit_redirect_url: redirectUrl });
  }
}
