import type { Services } from '../core/index.ts';
import type { Assertion } from './assertion.ts';

/** What ties a provider's answer to our question, whatever the protocol calls it. All are random and used once. */
export interface Checks {
  /** Goes there and comes back: `state` (RFC 6749 section 4.1.1), or SAML's `RelayState`. */
  readonly state: string;
  /** OpenID Connect's `nonce`; with `_` before it the `ID` of a SAML request, which its answer names. */
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** What an app or a page may say of how the provider is asked. */
export interface Wishes {
  readonly loginHint?: string | null;
  readonly domainHint?: string | null;
  readonly scopes?: readonly string[];
  readonly parameters?: Readonly<Record<string, string>>;
  /** The person is to prove themselves anew. */
  readonly asksAgain?: boolean;
}

/** What came of asking a provider. */
export type SignOnResult =
  | { readonly outcome: 'identified'; readonly assertion: Assertion }
  /** The provider, or the person there, said no. */
  | { readonly outcome: 'refused' }
  /** @param reason - for the log and for who sets the connection up; it holds no codes, tokens or assertions */
  | { readonly outcome: 'failed'; readonly reason: string };

/** An answer as a browser brought it: the query of OpenID Connect's callback, or the form posted to SAML's. */
export type SignOnAnswer =
  | { readonly protocol: 'oidc'; readonly parameters: URLSearchParams }
  | { readonly protocol: 'saml'; readonly response: string };

export type SignOnServices = Pick<Services, 'db' | 'now' | 'vault' | 'config' | 'resolveAddresses'>;

export class ProviderUnreachable extends Error {}
