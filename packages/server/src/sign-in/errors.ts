import { ApiError } from '../core/index.ts';
import type { DeveloperPanel } from './pages/index.ts';

/** A dead end that people see: a heading, what happened, what to do. */
export class SignInError extends ApiError {
  static override readonly status: number = 400;
  readonly heading: string;
  readonly advice: string | null;
  readonly restartUrl: string | null;
  readonly developer: DeveloperPanel | null;
  readonly clientId: string | null;

  constructor(view: {
    heading: string;
    message: string;
    advice?: string;
    restartUrl?: string | null;
    developer?: DeveloperPanel | null;
    clientId?: string | null;
  }) {
    super(view.message);
    this.heading = view.heading;
    this.advice = view.advice ?? null;
    this.restartUrl = view.restartUrl ?? null;
    this.developer = view.developer ?? null;
    this.clientId = view.clientId ?? null;
  }
}

/** The address that started the sign-in names no application of ours. */
export class UnknownClient extends SignInError {
  static override readonly code = 'unknown_client';
}

/** Never redirected to: whoever made the address could collect the code. */
export class InvalidRedirectUri extends SignInError {
  static override readonly code = 'invalid_redirect_uri';
}

/** Unknown, of another browser, expired or finished: the same answer, because the difference is nobody's business. */
export class AttemptOver extends SignInError {
  static override readonly code = 'sign_in_attempt_over';
}

/** A form that did not come from our page in this browser. */
export class ForgedForm extends SignInError {
  static override readonly code = 'forged_form';
  static override readonly status = 403;
}

/** Somebody opened a page of ours without an app, and the app has not said where sign-ins begin. */
export class SignInEndpointMissing extends SignInError {
  static override readonly code = 'sign_in_endpoint_missing';
}

export const signInErrors = [UnknownClient, InvalidRedirectUri, AttemptOver, ForgedForm, SignInEndpointMissing];
