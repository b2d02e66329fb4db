import { ApiError } from '../core/index.ts';

export class InvalidOneTimeCode extends ApiError {
  static override readonly code = 'invalid_one_time_code';
  static override readonly status = 400;

  constructor(message = 'That code is not right. Enter the one that the authenticator app shows now.') {
    super(message);
  }
}

export class OneTimeCodePreviouslyUsed extends ApiError {
  static override readonly code = 'one_time_code_previously_used';
  static override readonly status = 400;

  constructor(message = 'This code was used before. Wait for the next one.') {
    super(message);
  }
}

export class OneTimeCodeExpired extends ApiError {
  static override readonly code = 'one_time_code_expired';
  static override readonly status = 400;

  constructor(message = 'This challenge has expired. Create a new one.') {
    super(message);
  }
}

/** Five tries at one challenge. How often a person may try at all challenges together is `TriedTooOften`. */
export class OneTimeCodeTooManyAttempts extends ApiError {
  static override readonly code = 'one_time_code_too_many_attempts';
  static override readonly status = 400;

  constructor(message = 'There were too many wrong codes, so this challenge is over. Create a new one.') {
    super(message);
  }
}

export class AuthenticationChallengePreviouslyVerified extends ApiError {
  static override readonly code = 'authentication_challenge_previously_verified';
  static override readonly status = 422;

  constructor(id: string) {
    super(`The authentication challenge '${id}' was answered before. Create a new one.`);
  }
}

export class AuthenticationChallengeExpired extends ApiError {
  static override readonly code = 'authentication_challenge_expired';
  static override readonly status = 422;

  constructor(id: string) {
    super(`The authentication challenge '${id}' has expired. Create a new one.`);
  }
}

/** We would have to send a text message, and have nobody who does. */
export class SmsNotAvailable extends ApiError {
  static override readonly code = 'sms_not_available';
  static override readonly status = 422;

  constructor() {
    super(
      "This server has no SMS provider, so it cannot enroll factors of type 'sms'. Use 'totp', or 'generic_otp' and bring the code to the person yourself.",
    );
  }
}
