import { ApiError } from '../core/index.ts';

/** A key opens one environment, and a revoked one stays revoked, so a known value cannot be given out again. */
export class ApiKeyTaken extends ApiError {
  static override readonly code = 'api_key_taken';
  static override readonly status = 409;

  constructor() {
    super('This API key belongs to another environment or was revoked. Choose another value.');
  }
}

/** A value that no request could carry, or that is too short to be anything but a mistake. */
export class ApiKeyUnusable extends ApiError {
  static override readonly code = 'api_key_unusable';
  static override readonly status = 422;

  constructor() {
    super('An API key has 12 to 256 letters, digits, hyphens and underscores, and begins with "sk_".');
  }
}
