import type { SocialProvider } from '../protocol/index.ts';

/** An app that waits for a code at its redirect URI. */
export interface AppDestination {
  readonly kind: 'app';
  readonly redirectUri: string;
  /** As it stood in the address, percent-encoding included: it goes back byte for byte. Null when none was sent. */
  readonly state: string | null;
  /** S256 (RFC 7636 section 4.2); null when the app did not ask for PKCE. */
  readonly codeChallenge: string | null;
  /** The redirect goes to an address that strangers could share: no silent sign-on, no redemption without the secret. */
  readonly isOnSharedGround: boolean;
  /**
   * Who asks for what is missing after the first proof: our pages, or, for an app with pages of its own that named a
   * provider, the app itself. Its code is then exchanged for a step-up instead of tokens.
   */
  readonly stepUps: 'pages' | 'exchange';
}

/** A page of ours: the person's account, the approval of a device. */
export interface PageDestination {
  readonly kind: 'page';
  /** Of our own origin, from the root. */
  readonly path: string;
  /** What the page does is done for the app, so the sign-in is one to the app: in an organization, by its policy. */
  readonly isForApp?: true;
}

/** `POST /user_management/authenticate`: whoever presents the pending authentication token gets the tokens. */
export interface ApiDestination {
  readonly kind: 'api';
}

/** Where a sign-in leads. */
export type Destination = AppDestination | PageDestination | ApiDestination;

/** What was asked for when a sign-in began, checked. It never changes afterwards. */
export interface SignInRequest {
  readonly destination: Destination;
  readonly screenHint: 'sign-in' | 'sign-up';
  readonly loginHint: string | null;
  /** Sign-up is open although the environment's is closed: the owner's first sign-in. */
  readonly mayAlwaysSignUp: boolean;
  /** The app wants the person to prove themselves anew: a sign-in that begins again must not forget it. */
  readonly asksAgain: boolean;
  /** The organization the app wants the person in; null leaves the choice to them. */
  readonly organizationId: string | null;
  /** The invitation that brought them here, its token already checked. */
  readonly invitationId: string | null;
  /** The one way to sign in that the app named; null shows them all. */
  readonly provider: SocialProvider | null;
  /** The connection the app named, by itself or by its organization; null for none. */
  readonly connectionId: string | null;
  /** Languages the app prefers, best first (OpenID Connect Core section 3.1.2.1); null when it said none. */
  readonly uiLocales: string | null;
}

/** What a request asks for when it asks for nothing in particular. */
export const plainRequest = {
  screenHint: 'sign-in',
  loginHint: null,
  mayAlwaysSignUp: false,
  asksAgain: false,
  organizationId: null,
  invitationId: null,
  provider: null,
  connectionId: null,
  uiLocales: null,
} as const satisfies Omit<SignInRequest, 'destination'>;
