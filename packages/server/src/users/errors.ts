import { ApiError, type FieldError } from '../core/index.ts';

export class UserCreationError extends ApiError {
  static override readonly code = 'user_creation_error';
  static override readonly status = 400;

  constructor(errors: readonly FieldError[]) {
    super('The user was not created.', { errors });
  }
}

/** What is wrong with a password, a finding each, in words a person can act on. */
export class PasswordStrengthError extends ApiError {
  static override readonly code = 'password_strength_error';
  static override readonly status = 400;

  constructor(errors: readonly FieldError[]) {
    super(errors[0]?.message ?? 'This password is too easy to guess.', { errors });
  }
}

export class InvalidPasswordHash extends ApiError {
  static override readonly code = 'invalid_password_hash';
  static override readonly status = 400;
}

export class PasswordAndPasswordHashProvided extends ApiError {
  static override readonly code = 'password_and_password_hash_provided';
  static override readonly status = 400;

  constructor() {
    super("Send 'password' or 'password_hash', not both.");
  }
}

export class PasswordAndPasswordHashTypeProvided extends ApiError {
  static override readonly code = 'password_and_password_hash_type_provided';
  static override readonly status = 400;

  constructor() {
    super("'password_hash_type' describes a 'password_hash'. Leave it out when you send 'password'.");
  }
}

export class PasswordSaltPositionRequiresPasswordHash extends ApiError {
  static override readonly code = 'password_salt_position_requires_password_hash';
  static override readonly status = 400;

  constructor() {
    super("'password_salt_position' describes a 'password_hash'. Send both or neither.");
  }
}

export class InvalidMetadata extends ApiError {
  static override readonly code = 'invalid_metadata';
  static override readonly status = 400;
}

export class ExternalIdAlreadyUsed extends ApiError {
  static override readonly code = 'external_id_already_used';
  static override readonly status = 400;

  /** @param what - ids are unique among objects of one kind */
  constructor(externalId: string, what: 'user' | 'organization' = 'user') {
    super(`Another ${what} of this environment has the external id '${externalId}'.`);
  }
}

export class EmailNotAvailable extends ApiError {
  static override readonly code = 'email_not_available';
  static override readonly status = 400;

  constructor() {
    super(emailNotAvailable.message);
  }
}

export class InvalidEmail extends ApiError {
  static override readonly code = 'invalid_email';
  static override readonly status = 400;

  constructor() {
    super("'email' is not an address we can send mail to. Check its spelling.");
  }
}

export class InvalidLocale extends ApiError {
  static override readonly code = 'invalid_locale';
  static override readonly status = 400;

  constructor(locale: string) {
    super(`'${locale}' is not a language tag. Write it like 'en' or 'pt-BR' (BCP 47).`);
  }
}

export const emailNotAvailable: FieldError = {
  code: 'email_not_available',
  message: 'Another user of this environment has this e-mail address.',
  field: 'email',
};
