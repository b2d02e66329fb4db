import { ApiError, TooManyRequests } from '../core/index.ts';

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
        ? 'That code is not right. Only the newest one works.'
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
