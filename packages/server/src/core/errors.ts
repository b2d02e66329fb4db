import type { CookieToSet } from './reply.ts';

export interface ErrorClass {
  readonly code: string;
  readonly status: number;
  readonly family: 'api' | 'oauth';
  readonly name: string;
}

/**
 * Something that can go wrong, by name. The program reads `code`, which never changes; the caller reads `message`,
 * what happened and what to do; the operator reads `detail` and `cause` in the log.
 *
 * On the wire: `{"code", "message", ...extras}`.
 */
export class ApiError extends Error {
  static readonly code: string = 'internal_error';
  static readonly status: number = 500;
  static readonly family: 'api' | 'oauth' = 'api';

  readonly extras: Readonly<Record<string, unknown>>;
  /** For the log only. */
  readonly detail: string | undefined;
  /** Sent as response headers, `Retry-After` for one. */
  readonly headers: Readonly<Record<string, string>>;
  /** Set together with the answer that tells of it: what was done before something else went wrong. */
  readonly cookies: readonly CookieToSet[];

  constructor(
    message: string,
    extras: Readonly<Record<string, unknown>> = {},
    options: {
      detail?: string;
      cause?: unknown;
      headers?: Record<string, string>;
      cookies?: readonly CookieToSet[];
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.extras = extras;
    this.detail = options.detail;
    this.headers = options.headers ?? {};
    this.cookies = options.cookies ?? [];
  }

  get kind(): ErrorClass {
    return this.constructor as unknown as ErrorClass;
  }

  get code(): string {
    return this.kind.code;
  }

  get status(): number {
    return this.kind.status;
  }

  toBody(): Record<string, unknown> {
    return { code: this.code, message: this.message, ...this.extras };
  }
}

/**
 * An error of an OAuth endpoint (RFC 6749 section 5.2): `{"error", "error_description"}`. `code` and `message`
 * repeat them for clients that read only those.
 */
export class OAuthError extends ApiError {
  static override readonly family = 'oauth';
  static override readonly status: number = 400;

  override toBody(): Record<string, unknown> {
    return {
      error: this.code,
      error_description: this.message,
      code: this.code,
      message: this.message,
      ...this.extras,
    };
  }
}

export interface FieldError {
  readonly code: string;
  readonly message: string;
  readonly field?: string;
}

export class InvalidRequestParameters extends ApiError {
  static override readonly code = 'invalid_request_parameters';
  static override readonly status = 422;

  constructor(errors: readonly FieldError[]) {
    super(errors.length === 1 && errors[0] ? errors[0].message : 'Validation failed.', { errors });
  }
}

export class Unauthorized extends ApiError {
  static override readonly code = 'unauthorized';
  static override readonly status = 401;

  constructor(detail?: string) {
    super('Unauthorized', {}, detail === undefined ? {} : { detail });
  }

  /** Exactly this body: SDKs and recorded clients compare it. */
  override toBody(): Record<string, unknown> {
    return { message: this.message };
  }
}

export class Forbidden extends ApiError {
  static override readonly code = 'forbidden';
  static override readonly status = 403;
}

/** The operator signed in too long ago for this: they do so again and repeat the request. */
export class ReauthenticationRequired extends ApiError {
  static override readonly code = 'reauthentication_required';
  static override readonly status = 403;
}

/** Unknown here; another environment's object answers exactly the same. */
export class EntityNotFound extends ApiError {
  static override readonly code = 'entity_not_found';
  static override readonly status = 404;

  constructor(what: string, id: string) {
    super(`${what} not found: '${id}'.`, { entity_id: id });
  }
}

export class RouteNotFound extends ApiError {
  static override readonly code = 'not_found';
  static override readonly status = 404;
}

export class TooManyRequests extends ApiError {
  static override readonly code = 'rate_limit_exceeded';
  static override readonly status = 429;
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number, message = 'Too many requests. Wait a moment and try again.') {
    super(message, {}, { headers: { 'retry-after': String(Math.max(1, Math.ceil(retryAfterSeconds))) } });
    this.retryAfterSeconds = Math.max(1, Math.ceil(retryAfterSeconds));
  }
}

/** The same at an OAuth endpoint, in the words of the published contract. */
export class OAuthTooManyRequests extends OAuthError {
  static override readonly code = 'too_many_requests';
  static override readonly status = 429;

  constructor({ message, headers }: TooManyRequests) {
    super(message, {}, { headers: { ...headers } });
  }
}

/** A body that cannot be read, at an endpoint where clients authenticate (RFC 6749 section 5.2). */
export class OAuthMalformedRequest extends OAuthError {
  static override readonly code = 'invalid_request';

  constructor(cause: ApiError) {
    super(cause.message, {}, { cause });
  }
}

/** A transient condition: SDKs keep the session and try again, which a 4xx would make them throw away. */
export class Unavailable extends ApiError {
  static override readonly code = 'unavailable';
  static override readonly status = 503;

  constructor(cause?: unknown, detail?: string) {
    super(
      'The service is busy or its database cannot be reached. Try again shortly.',
      {},
      { cause, headers: { 'retry-after': '1' }, ...(detail === undefined ? {} : { detail }) },
    );
  }
}

export class MalformedBody extends ApiError {
  static override readonly code = 'malformed_body';
  static override readonly status = 400;
}

/** Not HTTP as we speak it: a broken address, a header that makes no sense. */
export class MalformedRequest extends ApiError {
  static override readonly code = 'malformed_request';
  static override readonly status = 400;
}

export class RequestTimeout extends ApiError {
  static override readonly code = 'request_timeout';
  static override readonly status = 408;
}

export class HeadersTooLarge extends ApiError {
  static override readonly code = 'headers_too_large';
  static override readonly status = 431;
}

export class BodyTooLarge extends ApiError {
  static override readonly code = 'body_too_large';
  static override readonly status = 413;
}

export class UnsupportedMediaType extends ApiError {
  static override readonly code = 'unsupported_media_type';
  static override readonly status = 415;
}

export class IdempotencyMismatch extends ApiError {
  static override readonly code = 'idempotency_error';
  static override readonly status = 422;
}

export class IdempotencyInProgress extends ApiError {
  static override readonly code = 'idempotency_in_progress';
  static override readonly status = 409;
}

export class InternalError extends ApiError {
  static override readonly code = 'internal_error';
  static override readonly status = 500;
}

/** What any route may answer besides the errors it lists. */
export const commonErrors: readonly ErrorClass[] = [
  InvalidRequestParameters,
  Unauthorized,
  Forbidden,
  ReauthenticationRequired,
  TooManyRequests,
  Unavailable,
  MalformedBody,
  MalformedRequest,
  BodyTooLarge,
  UnsupportedMediaType,
  IdempotencyMismatch,
  IdempotencyInProgress,
  InternalError,
];
