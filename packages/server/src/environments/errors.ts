import { ApiError } from '../core/index.ts';

/** A script that sets an app up twice reads from the code that there is nothing left to do. */
export class RedirectUriExists extends ApiError {
  static override readonly code = 'redirect_uri_already_exists';
  static override readonly status = 422;

  constructor(what: string, uri: string) {
    const message = `${what} '${uri}' already exists.`;
    super(message, { errors: [{ code: RedirectUriExists.code, message, field: 'uri' }] });
  }
}

/** Flows that name no redirect URI go to the default one, so it cannot be taken away from under them. */
export class DefaultRedirectInUse extends ApiError {
  static override readonly code = 'default_redirect_in_use';
  static override readonly status = 409;

  constructor(what: string) {
    super(`Cannot delete the default ${what}. Make another one the default first.`);
  }
}

export class DuplicateCorsOrigin extends ApiError {
  static override readonly code = 'duplicate_cors_origin';
  static override readonly status = 409;

  constructor(origin: string) {
    super(`CORS origin '${origin}' already exists.`);
  }
}

/** Proved by another environment, which has to let go of it first. */
export class CustomDomainTaken extends ApiError {
  static override readonly code = 'custom_domain_taken';
  static override readonly status = 409;

  constructor(name: string) {
    super(`The domain '${name}' belongs to another environment of this server. Remove it there first.`);
  }
}

export class CustomDomainNotReady extends ApiError {
  static override readonly code = 'custom_domain_not_ready';
  static override readonly status = 409;
}

/** A client id is public and global: two environments with one could not be told apart at the authorization endpoint. */
export class ClientIdTaken extends ApiError {
  static override readonly code = 'client_id_taken';
  static override readonly status = 409;

  constructor(clientId: string) {
    super(`The client ID '${clientId}' belongs to another environment. Choose another one.`);
  }
}
