import { PageError } from '../texts/index.ts';

/** The address that started the sign-in names no application of ours. */
export class UnknownClient extends PageError {
  static override readonly code = 'unknown_client';
}

/** Never redirected to: whoever made the address could collect the code. */
export class InvalidRedirectUri extends PageError {
  static override readonly code = 'invalid_redirect_uri';
}

/** Unknown, of another browser, expired or finished: the same answer, because the difference is nobody's business. */
export class AttemptOver extends PageError {
  static override readonly code = 'sign_in_attempt_over';
}

/** A form that did not come from our page in this browser. */
export class ForgedForm extends PageError {
  static override readonly code = 'forged_form';
  static override readonly status = 403;
}

/** Somebody opened a page of ours without an app, and the app has not said where sign-ins begin. */
export class SignInEndpointMissing extends PageError {
  static override readonly code = 'sign_in_endpoint_missing';
}

/** The app sends the browser back to where it came from, again and again. */
export class SignInLoop extends PageError {
  static override readonly code = 'sign_in_loop';
}

/** Answered before, or run out while the person looked at it. */
export class DeviceOver extends PageError {
  static override readonly code = 'device_authorization_over';
}

/** Used, run out, or another browser's. */
export class ImpersonationOver extends PageError {
  static override readonly code = 'impersonation_over';
}

/** It was accepted, revoked or has expired, or never was: nothing to begin a sign-in with. */
export class InvitationOver extends PageError {
  static override readonly code = 'invitation_over';
}

/** Unknown, used, replaced or expired: the same answer, because the difference helps nobody who has the inbox. */
export class ResetLinkDead extends PageError {
  static override readonly code = 'reset_link_dead';
}

export const signInErrors = [
  UnknownClient,
  InvalidRedirectUri,
  AttemptOver,
  ForgedForm,
  SignInEndpointMissing,
  SignInLoop,
  DeviceOver,
  ImpersonationOver,
  InvitationOver,
];
