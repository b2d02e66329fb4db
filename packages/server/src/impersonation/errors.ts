import { ApiError } from '../core/index.ts';

export class ImpersonationOff extends ApiError {
  static override readonly code = 'impersonation_disabled';
  static override readonly status = 403;

  constructor() {
    super('Impersonation is switched off in this environment. Switch it on under Authentication first.');
  }
}

/** An app refuses a callback it did not ask for, so the sign-in has to begin there. */
export class NowhereToBegin extends ApiError {
  static override readonly code = 'sign_in_endpoint_not_set';
  static override readonly status = 409;

  constructor() {
    super('Impersonation begins at the app. Set its sign-in endpoint under Redirects first.');
  }
}
