import { ApiError, type FieldError, OAuthError, TooManyRequests } from '../core/index.ts';

/** There is nothing to prove any more, so no code is sent. */
export class EmailAlreadyVerified extends ApiError {
  static override readonly code = 'email_already_verified';
  static override readonly status = 400;

  constructor() {
    super('This email address is verified already.');
  }
}

/** There is nothing to prove any more, so no code is taken. The published contract has two names for the two cases. */
export class EmailPreviouslyVerified extends ApiError {
  static override readonly code = 'email_previously_verified';
  static override readonly status = 400;

  constructor() {
    super('This email address was verified before.');
  }
}

export class EmailVerificationCodePreviouslyUsed extends ApiError {
  static override readonly code = 'email_verification_code_previously_used';
  static override readonly status = 400;

  constructor() {
    super('This code was used before. Each code works once.');
  }
}

export class EmailVerificationCodeExpired extends ApiError {
  static override readonly code = 'email_verification_code_expired';
  static override readonly status = 400;

  constructor() {
    super('There is no code in force for this user. Send a new one.');
  }
}

export class EmailVerificationCodeIncorrect extends ApiError {
  static override readonly code = 'email_verification_code_incorrect';
  static override readonly status = 400;

  /** @param triesLeft - with none left even the right code is refused */
  constructor(triesLeft: number) {
    super(
      triesLeft > 0
        ? 'That code is not right. Take the one of the newest mail.'
        : 'The code was tried too often, so it no longer works. Send a new one.',
    );
  }
}

/** Under its own name in the contract; whoever handles `TooManyRequests` handles it too. */
export class DailyQuotaExceeded extends TooManyRequests {
  // Not an `override`: the literal type of the base class's code admits no other.
  static {
    Object.defineProperty(DailyQuotaExceeded, 'code', { value: 'daily_quota_exceeded' });
  }

  constructor(retryAfterSeconds: number) {
    super(retryAfterSeconds, 'This address was sent as many codes as it gets in a day.');
  }
}

/** The environment does not let people in this way. */
export class AuthenticationMethodNotAllowed extends OAuthError {
  static override readonly code = 'authentication_method_not_allowed';

  constructor(method: string) {
    super(`${method} is switched off in this environment.`);
  }
}

/** Nobody has this address, and not everybody may make an account. */
export class SignUpNotAllowed extends OAuthError {
  static override readonly code = 'sign_up_not_allowed';

  constructor() {
    super('There is no account with this address, and sign-up is closed.');
  }
}

export class EmailPasswordAuthDisabled extends ApiError {
  static override readonly code = 'email_password_auth_disabled';
  static override readonly status = 403;

  constructor() {
    super('Passwords are switched off in this environment.');
  }
}

/** Why a link set no password, a finding each: the link, or the password somebody chose. */
export class PasswordResetError extends ApiError {
  static override readonly code = 'password_reset_error';
  static override readonly status = 400;

  constructor(errors: readonly FieldError[]) {
    super(errors[0]?.message ?? 'The password was not reset.', { errors });
  }
}

export class EmailChangeNotNeeded extends ApiError {
  static override readonly code = 'email_change_not_needed';
  static override readonly status = 409;

  constructor() {
    super('This is the user’s address already.');
  }
}

/** The published contract gives this code 400 where a user is updated, and 409 where an address is changed by code. */
export class NewEmailNotAvailable extends ApiError {
  static override readonly code = 'email_not_available';
  static override readonly status = 409;

  constructor() {
    super('Another user of this environment has this e-mail address.');
  }
}

/** As with `email_not_available`: 400 elsewhere. */
export class NewEmailInvalid extends ApiError {
  static override readonly code = 'invalid_email';
  static override readonly status = 422;

  constructor() {
    super("'new_email' is not an address we can send mail to. Check its spelling.");
  }
}

export class NoPendingEmailChange extends ApiError {
  static override readonly code = 'no_pending_email_change';
  static override readonly status = 409;

  constructor() {
    super('No change of address was asked for. Send a code to the new address first.');
  }
}

export class EmailChangeCodeExpired extends ApiError {
  static override readonly code = 'email_change_code_expired';
  static override readonly status = 400;

  constructor() {
    super('This code has expired. Send a new one.');
  }
}

export class EmailChangeCodeIncorrect extends ApiError {
  static override readonly code = 'email_change_code_incorrect';
  static override readonly status = 400;

  constructor() {
    super('That code is not right. Only the newest one works.');
  }
}

export class EmailChangeCodePreviouslyUsed extends ApiError {
  static override readonly code = 'email_change_code_previously_used';
  static override readonly status = 409;

  constructor() {
    super('This code was used before. Each code works once.');
  }
}

export class EmailChangeTooManyAttempts extends ApiError {
  static override readonly code = 'email_change_too_many_attempts';
  static override readonly status = 429;

  constructor() {
    super('The code was tried too often, so it no longer works. Send a new one.');
  }
}
