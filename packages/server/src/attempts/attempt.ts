import type { Impersonator, Proven } from '../sessions/index.ts';
import type { Profile } from '../social/index.ts';
import type { PasswordHash } from '../users/index.ts';
import type { SignInRequest } from './request.ts';

export interface Names {
  readonly firstName: string | null;
  readonly lastName: string | null;
  /** Where it was typed in one. */
  readonly name?: string | null;
}

/**
 * What a sign-up left behind until the inbox is proved.
 *
 * `new`: the account was written with this form. `unverified`: the address had an account that nobody had proved.
 * The password becomes the account's with the code and not before: a password that worked at once would tell that the
 * address was nobody's. `pending`: nothing was written, because no browser did the work for it; the account is made with
 * the code. `decoy`: the address is somebody's; the page looks the same, the mail says so, and no code is ever right;
 * `isClosed`: it is nobody's, and nobody may take it, which the mail says. `newcomer`: the account is made once the inbox is
 * proved with a code that signs in. `social`: a provider's account that becomes this
 * user's with the code, because the provider does not vouch for the address. `sso`: the same for a profile that an
 * organization's provider named, with an address that is not the organization's.
 */
export type SignUp =
  /** `passwordHash` is null where no code is asked for: the account has its password already. */
  | { readonly kind: 'new'; readonly passwordHash: PasswordHash | null }
  | ({ readonly kind: 'unverified'; readonly passwordHash: PasswordHash } & Names)
  | ({ readonly kind: 'pending'; readonly passwordHash: PasswordHash } & Names)
  | { readonly kind: 'decoy'; readonly isClosed?: true }
  /** `names` is null until a form of a sign-up was sent, which is when one is counted. */
  | { readonly kind: 'newcomer'; readonly names: Names | null }
  | { readonly kind: 'social'; readonly profile: Profile; readonly isNew: boolean }
  | { readonly kind: 'sso'; readonly profileId: string; readonly isNew: boolean };

/** What the browser can do and what the person was asked already, so that nothing is asked twice. */
export interface Answers {
  /** A script found an authenticator that could hold a passkey. */
  readonly canMakePasskey?: true;
  readonly passkeyOffer?: 'created' | 'declined';
  /** New recovery codes wait to be shown, once. */
  readonly recoveryCodesDue?: true;
  /** The memberships that this sign-in brings with it were made. */
  readonly joined?: true;
  /** They pressed the button that makes them a member: of what they are invited to, or of what their address lets them join. */
  readonly agreesToJoin?: true;
  /** The browser's sign-in that the proofs were taken from. Once that has ended they are worth nothing. */
  readonly browserSessionId?: string;
  /** Those proofs are too old to give the account another factor: a stolen cookie would be worth the account. */
  readonly provedLongAgo?: true;
}

/** One sign-in on its way, from whichever door: what was asked, what was proved. */
export interface Attempt {
  readonly id: string;
  readonly environmentId: string;
  readonly clientId: string;
  readonly request: SignInRequest;
  readonly email: string | null;
  readonly userId: string | null;
  readonly proven: Proven;
  readonly signUp: SignUp | null;
  /** Chosen by the person, or the one they were in last; null while there is nothing to choose or nothing chosen. */
  readonly organizationId: string | null;
  readonly answers: Answers;
  /** Set from the beginning, or never. */
  readonly impersonator: Impersonator | null;
  /** When the last code, or what stands in for it, was mailed. */
  readonly codeSentAt: Date | null;
  /** Counts the steps: a form that answers an older step changes nothing. */
  readonly version: number;
  readonly finishedAt: Date | null;
  readonly expiresAt: Date;
  readonly createdAt: Date;
}

/** What a step changes about an attempt. */
export type Learned = Partial<
  Pick<Attempt, 'email' | 'userId' | 'proven' | 'signUp' | 'organizationId' | 'answers' | 'codeSentAt'>
>;

/** Somebody else may be meant now, so nothing that was proved before counts any more. What the browser can do stays. */
export const startOver = ({ answers: { canMakePasskey } }: Pick<Attempt, 'answers'>): Learned => ({
  userId: null,
  proven: {},
  signUp: null,
  organizationId: null,
  answers: canMakePasskey ? { canMakePasskey } : {},
  codeSentAt: null,
});

/** Of an attempt about which nothing is known yet. */
export const nothingLearned = {
  email: null,
  userId: null,
  proven: {},
  signUp: null,
  organizationId: null,
  answers: {},
  impersonator: null,
  codeSentAt: null,
} as const satisfies Partial<Attempt>;
