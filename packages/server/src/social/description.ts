import type { SocialProvider } from '../protocol/index.ts';

/** What a provider says of a person: claims of an ID token or members of a profile, unchecked. */
export type Claims = Readonly<Record<string, unknown>>;

/** A profile as a description reads it; what it takes from claims is still unchecked. */
export interface RawProfile {
  readonly subject: unknown;
  readonly email?: unknown;
  /** Whether the provider says that it has verified the address. */
  readonly isEmailVerified?: unknown;
  readonly firstName?: unknown;
  readonly lastName?: unknown;
  readonly name?: unknown;
  readonly pictureUrl?: unknown;
}

/** OpenID Connect: endpoints come from discovery, or are listed where the provider has no document we could find. */
export interface OidcContract {
  readonly kind: 'oidc';
  /** The only `iss` that is accepted (OpenID Connect Core section 3.1.3.7). */
  readonly issuer: string;
  readonly endpoints: 'discovered' | OidcEndpoints;
  /** Whether the profile needs the userinfo endpoint besides the ID token. */
  readonly usesUserInfo: boolean;
  /** Some put no `nonce` into their ID tokens; there the code verifier and the single-use state stand alone. */
  readonly returnsNonce: boolean;
}

export interface OidcEndpoints {
  readonly authorization: string;
  readonly token: string;
  readonly jwks: string;
  readonly userInfo?: string;
}

/** OAuth 2.0 without identity: the profile is read from the provider's own API. */
export interface OAuth2Contract {
  readonly kind: 'oauth2';
  /** What `iss` is in its answers (RFC 9207), where it sends one; its own callback tells its answers apart anyway. */
  readonly issuer?: string;
  readonly endpoints: {
    readonly authorization: string;
    readonly token: string;
    readonly profile: string;
    /** Where addresses are listed when the profile has none, or not whether they are verified. */
    readonly emails?: string;
  };
}

/** Everything there is to know of one provider. The code that talks to it is the same for all. */
export interface ProviderDescription {
  /** In the callback's path. Registered at the provider, so it never changes. */
  readonly slug: string;
  /** As on the button: `Continue with <label>`. */
  readonly label: string;
  readonly contract: OidcContract | OAuth2Contract;
  readonly scopes: readonly string[];
  /** `signed_jwt`: the secret is a JWT signed with a private key of ours, as Apple wants it. */
  readonly clientAuthentication: 'client_secret_post' | 'client_secret_basic' | 'signed_jwt';
  /** S256 (RFC 7636). Off only where the provider refuses it. */
  readonly usesPkce: boolean;
  /** Always sent to the authorization endpoint. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** How the provider calls its hints, where it has them. */
  readonly hints?: { readonly login?: string; readonly domain?: string };
  /** Sent when the app wants a new proof of the person. */
  readonly askAgain?: Readonly<Record<string, string>>;
  /**
   * @param claims - the ID token's and userinfo's, or the profile of the provider's API
   * @param emails - what the list of addresses answered; null without one
   */
  readonly toProfile: (claims: Claims, emails: unknown) => RawProfile;
  /**
   * Whether an address that the provider says is verified is the person's: only where it runs the mailbox, or the
   * published contract takes its word. Everywhere else a code by mail proves the inbox.
   */
  readonly isAuthority: (claims: Claims, email: string) => boolean;
  /** Names that come beside the code and not in a token. */
  readonly namesBesideCode?: (parameters: URLSearchParams) => Pick<RawProfile, 'firstName' | 'lastName'>;
  /** Puts right what a token answer lacks, before it is checked. */
  readonly completeTokenAnswer?: (answer: Claims) => Claims;
}

export type ProviderTable = Readonly<Record<SocialProvider, ProviderDescription>>;
