import { ApiError, InvalidRequestParameters, OAuthError } from '../core/index.ts';
import { PageError } from '../texts/index.ts';

/** A provider's answer that belongs to no sign-on under way. */
export class SignOnLost extends PageError {
  static override readonly code = 'sso_answer_lost';
}

/** The client's address is no longer one that people are sent to. */
export class RedirectGone extends PageError {
  static override readonly code = 'sso_redirect_uri_gone';
}

/** What a connection is set up with is incomplete or of the wrong form. */
export const refuse = (field: string, message: string): InvalidRequestParameters =>
  new InvalidRequestParameters([{ code: `${field}_invalid`, message, field }]);

/** It would be switched on without knowing how to reach its provider. */
export class ConnectionIncomplete extends ApiError {
  static override readonly code = 'connection_incomplete';
  static override readonly status = 400;

  constructor(missing: readonly string[]) {
    super(`The connection cannot be switched on yet. Still missing: ${missing.join(', ')}.`, { missing });
  }
}

/** A change of keys is under way, and the provider is to learn of one new key at a time. */
export class TwoKeys extends ApiError {
  static override readonly code = 'saml_key_change_under_way';
  static override readonly status = 409;

  constructor() {
    super('The connection has two keys already. Remove the one that the provider does not use any more.');
  }
}

/** Without a key neither requests are signed nor assertions opened. */
export class LastKey extends ApiError {
  static override readonly code = 'saml_key_is_the_last';
  static override readonly status = 409;

  constructor() {
    super('This is the only key of the connection. Add another, tell the provider, and then remove this one.');
  }
}

/** The provider of this connection has no place where people sign out. */
export class ConnectionInvalid extends OAuthError {
  static override readonly code = 'connection_invalid';
}

/** Not an SSO access token that is still good. */
export class InvalidAccessToken extends ApiError {
  static override readonly code = 'sso_access_token_invalid';
  static override readonly status = 401;

  constructor() {
    super('Unauthorized');
  }

  /** Exactly this body, as the published contract has it. */
  override toBody(): Record<string, unknown> {
    return { error: 'Unauthorized', message: this.message };
  }
}

/** Only a development server has a provider that anybody may be anybody at. */
export class SimulationUnavailable extends ApiError {
  static override readonly code = 'simulation_unavailable';
  static override readonly status = 400;

  constructor() {
    super('The simulated identity provider exists on a development server only, for staging environments.');
  }
}

/** A trip to a provider cannot begin. */
export class SignOnUnavailable extends ApiError {
  static override readonly code = 'sign_on_unavailable';
  static override readonly status = 400;

  constructor(reason: string) {
    super(`The identity provider cannot be reached: ${reason}`);
  }
}
