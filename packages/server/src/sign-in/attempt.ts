import type { PasswordHash } from '../users/index.ts';

/** What the app asked for at the authorization endpoint, checked. It never changes afterwards. */
export interface AuthorizeRequest {
  readonly redirectUri: string;
  /** As it stood in the address, percent-encoding included: it goes back byte for byte. Null when none was sent. */
  readonly state: string | null;
  /** S256 (RFC 7636 section 4.2); null when the app did not ask for PKCE. */
  readonly codeChallenge: string | null;
  readonly screenHint: 'sign-in' | 'sign-up';
  readonly loginHint: string | null;
  /** The redirect goes to an address that strangers could share: no silent sign-on, no redemption without the secret. */
  readonly isOnSharedGround: boolean;
  /** Sign-up is open although the environment's is closed: the owner's first sign-in. */
  readonly mayAlwaysSignUp: boolean;
  /** The app wants the person to prove themselves anew: a sign-in that begins again must not forget it. */
  readonly asksAgain: boolean;
  /** Languages the app asks for, best first, as it sent them; null when it did not say. */
  readonly uiLocales: string | null;
}

/** What the person has proved in this attempt, each with when, in ms. */
export interface Proven {
  readonly password?: number;
  readonly emailCode?: number;
  /** They clicked on "Continue to …". */
  readonly redirect?: number;
}

/**
 * What a sign-up left behind until the inbox is proved.
 *
 * `new`: the account was written with this form. `unverified`: the address had an account that nobody had proved;
 * its password becomes this one with the code. `decoy`: the address is somebody's; the page looks the same, the mail
 * says so, and no code exists.
 */
export type SignUp =
  | { readonly kind: 'new' }
  | {
      readonly kind: 'unverified';
      readonly passwordHash: PasswordHash;
      readonly firstName: string | null;
      readonly lastName: string | null;
    }
  | { readonly kind: 'decoy'; readonly tries: number };

export interface Attempt {
  readonly id: string;
  readonly environmentId: string;
  readonly clientId: string;
  readonly request: AuthorizeRequest;
  readonly email: string | null;
  readonly userId: string | null;
  readonly proven: Proven;
  readonly signUp: SignUp | null;
  /** When the last code, or what stands in for it, was mailed. */
  readonly codeSentAt: Date | null;
  /** Counts the steps: a form that answers an older step changes nothing. */
  readonly version: number;
  readonly finishedAt: Date | null;
  readonly expiresAt: Date;
  readonly createdAt: Date;
}
