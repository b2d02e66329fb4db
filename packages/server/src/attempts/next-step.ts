import type { Settings } from '../environments/index.ts';
import type { ActiveMembership } from '../organizations/index.ts';
import type { AuthenticationMethod } from '../protocol/index.ts';
import {
  authenticationMethodOf,
  type FirstFactor,
  firstFactorOf,
  isBoundToOrganization,
  type Proven,
  provesTwoFactors,
  signOnOf,
} from '../sessions/index.ts';
import type { Attempt } from './attempt.ts';
import { provenToday } from './proven-today.ts';

/** What the environment asks of everybody. */
export type Policy = Pick<
  Settings,
  'requireEmailVerification' | 'mfa' | 'passwordSignIn' | 'magicAuthSignIn' | 'passkeySignIn' | 'offerPasskeys'
>;

/** What a membership says of a sign-in: which organization, and what it asks for. */
export type Membership = Pick<ActiveMembership, 'organizationId' | 'organizationName' | 'signInMethods' | 'mfa'>;

/** What is known of the account that the attempt has arrived at. */
export interface Account {
  readonly isEmailVerified: boolean;
  /** A second factor that was confirmed with a code once. */
  readonly hasSecondFactor: boolean;
  /** A passkey, and no such second factor. */
  readonly hasPasskey: boolean;
  /** They have no passkey, and have not said "not now" of late, or "never". */
  readonly wantsPasskeyOffer: boolean;
  /** The active ones. */
  readonly memberships: readonly Membership[];
  /** The organization that has proved the domain of their address; needed only where its provider's word is the proof. */
  readonly domainOwnerId: string | null;
}

/**
 * What has to happen next, in order; `complete` when nothing is missing. `join` is ours to do: the memberships that
 * come with a proved address or an invitation. `not_a_member` and `change_method` have no way on but another choice.
 */
export type Step =
  | 'identify'
  | 'impersonate'
  | 'prove'
  | 'tell_email'
  | 'make_account'
  | 'verify_email'
  | 'mfa'
  | 'agree_to_join'
  | 'join'
  | 'not_a_member'
  | 'choose_organization'
  | 'change_method'
  | 'prove_passkey'
  | 'enroll_mfa'
  | 'recovery_codes'
  | 'offer_passkey'
  | 'confirm_redirect'
  | 'complete';

export type Progress = Pick<
  Attempt,
  'email' | 'proven' | 'signUp' | 'organizationId' | 'answers' | 'request' | 'impersonator'
>;

/**
 * The one decision of a sign-in: which step is missing. No page sends a person to another page and no grant hands out
 * tokens by itself; each writes down what it learned and asks here, so that no order of requests and no other door goes
 * round a policy.
 *
 * A second factor that exists is asked for before anything is told about the account's organizations.
 *
 * @param account - the account the attempt has arrived at, or null while there is none
 */
export function nextStep(progress: Progress, account: Account | null, policy: Policy): Step {
  const { email, proven, signUp, answers, request } = progress;
  const factor = firstFactorOf(proven);
  // Whoever came to act as somebody proves nothing else: not with that person's password either.
  if (progress.impersonator !== null && proven.impersonation === undefined) return 'impersonate';
  if (factor === null) return email === null ? 'identify' : 'prove';
  if (!allows(policy, factor)) return email === null ? 'identify' : 'prove';
  if (signUp?.kind === 'decoy' || signUp?.kind === 'pending') return 'verify_email';
  if (account === null) return stepOfNobody(signUp);
  if (progress.impersonator !== null) return organizationStep(progress, account) ?? 'complete';
  if (!provesEmail(progress, account, policy)) return 'verify_email';
  if (account.hasSecondFactor && policy.mfa !== 'off' && !provesTwoFactors(proven) && !isSignedOn(progress))
    return 'mfa';
  if (answers.joined === undefined) return waitsForClick(progress) ? 'agree_to_join' : 'join';
  const organization = organizationStep(progress, account);
  if (organization) return organization;
  const demanded = policyStep(proven, account, policy, membershipOf(progress, account));
  if (demanded === 'enroll_mfa' && answers.provedLongAgo) return 'prove';
  if (demanded) return demanded;
  // What follows only a person at our own pages can answer.
  if (request.destination.kind === 'api') return 'complete';
  if (answers.recoveryCodesDue) return 'recovery_codes';
  if (offersPasskey(progress, factor, account, policy)) return 'offer_passkey';
  const isOnSharedGround = request.destination.kind === 'app' && request.destination.isOnSharedGround;
  return isOnSharedGround && proven.redirect === undefined ? 'confirm_redirect' : 'complete';
}

/** Some providers tell no address, and an account cannot be without one. Of a code that signs in, the inbox is proved. */
function stepOfNobody(signUp: Progress['signUp']): 'tell_email' | 'make_account' | 'identify' {
  if (signUp?.kind === 'social') return 'tell_email';
  return signUp?.kind === 'newcomer' ? 'make_account' : 'identify';
}

/** Whether the environment lets people in this way at all. Providers are switched on and off one by one. */
function allows(policy: Policy, factor: FirstFactor): boolean {
  switch (factor) {
    case 'password':
      return policy.passwordSignIn;
    case 'magicAuth':
      return policy.magicAuthSignIn;
    case 'passkey':
      return policy.passkeySignIn;
    case 'social':
    case 'sso':
    case 'impersonation':
      return true;
  }
}

function provesEmail({ proven, signUp, request, answers }: Progress, account: Account, policy: Policy): boolean {
  // Whoever signs up has shown nothing but a password of their own choice. That somebody else proved the address
  // meanwhile is no proof of theirs.
  const asksTheirOwn = signUp !== null && (signUp.kind !== 'new' || policy.requireEmailVerification);
  if (asksTheirOwn && proven.emailCode === undefined) return false;
  // An invitation is for an address, and one that nobody has proved could be anybody's.
  const isInvited = request.invitationId !== null && answers.joined === undefined;
  return account.isEmailVerified || !(policy.requireEmailVerification || isInvited);
}

/**
 * Whether a link alone has brought somebody here, who is signed in already: following one must not make them a member.
 * Whoever has just proved who they are, on a page of ours, has done more than that.
 */
const waitsForClick = ({ request, answers }: Progress): boolean =>
  (request.invitationId !== null || request.organizationId !== null) &&
  answers.browserSessionId !== undefined &&
  answers.agreesToJoin === undefined;

/** A page that people use as themselves, and not as a member of anything. */
const isOurOwn = ({ destination }: Pick<Progress['request'], 'destination'>): boolean =>
  destination.kind === 'page' && !destination.isForApp;

/** The organization that a sign-in can only be for: the one the app asks for, or the one at whose provider it began. */
export const wantedOrganization = ({ request, proven }: Pick<Progress, 'request' | 'proven'>): string | null =>
  request.organizationId ?? signOnOf(proven)?.organizationId ?? null;

/**
 * The organization's own provider has let them in to it. How many factors that takes is up to the organization there, as
 * it is its own door.
 */
const isSignedOn = (progress: Progress): boolean =>
  !isOurOwn(progress.request) &&
  signOnOf(progress.proven) !== null &&
  signOnOf(progress.proven)?.organizationId === wantedOrganization(progress);

/** The organization this sign-in is for: the one it can only be for, the one chosen, or the only one there is. */
export function membershipOf(
  progress: Pick<Progress, 'request' | 'organizationId' | 'proven'>,
  { memberships }: Pick<Account, 'memberships'>,
): Membership | null {
  if (isOurOwn(progress.request)) return null;
  const find = (id: string) => memberships.find((membership) => membership.organizationId === id) ?? null;
  const wanted = wantedOrganization(progress);
  if (wanted !== null) return find(wanted);
  const { organizationId } = progress;
  // They may have left the one they were in last.
  const chosen = organizationId === null ? null : find(organizationId);
  if (chosen) return chosen;
  return memberships.length === 1 ? (memberships[0] ?? null) : null;
}

function organizationStep(progress: Progress, account: Account): 'not_a_member' | 'choose_organization' | null {
  if (isOurOwn(progress.request) || membershipOf(progress, account)) return null;
  if (wantedOrganization(progress) !== null) return 'not_a_member';
  return account.memberships.length > 1 ? 'choose_organization' : null;
}

/** What the environment and the organization demand beyond what was proved; the same at a refresh and a switch. */
export function policyStep(
  proven: Proven,
  { hasSecondFactor, hasPasskey, domainOwnerId }: Pick<Account, 'hasSecondFactor' | 'hasPasskey' | 'domainOwnerId'>,
  policy: Pick<Policy, 'mfa' | 'passkeySignIn'>,
  membership: Pick<Membership, 'organizationId' | 'signInMethods' | 'mfa'> | null,
): 'change_method' | 'mfa' | 'prove_passkey' | 'enroll_mfa' | null {
  const method = firstFactorOf(proven) === null ? null : authenticationMethodOf(proven);
  if (method === 'Impersonation') return null;
  const allowed: readonly AuthenticationMethod[] | null = membership?.signInMethods ?? null;
  if (allowed && (method === null || !allowed.includes(method))) return 'change_method';
  const signOn = signOnOf(proven);
  const isAtHome = signOn !== null && signOn.organizationId === membership?.organizationId;
  if (isAtHome) return null;
  // A provider speaks for its own organization; elsewhere for the addresses that organization has proved, unless there
  // one is asked to sign in at another provider.
  if (signOn && (allowed || isBoundToOrganization(provenToday(proven, { domainOwnerId })))) return 'change_method';
  // Who came by a provider was not asked for the factor they have, and outside its organization they would be.
  const wasSpared = signOn !== null && hasSecondFactor && policy.mfa !== 'off';
  const isTwoFactorDemanded = policy.mfa === 'required' || membership?.mfa === 'required' || wasSpared;
  if (!isTwoFactorDemanded || provesTwoFactors(proven)) return null;
  if (hasSecondFactor) return 'mfa';
  // Whoever has two factors shows them: a thief of the password would enrol an app of their own.
  return hasPasskey && policy.passkeySignIn ? 'prove_passkey' : 'enroll_mfa';
}

function offersPasskey(
  { answers, request }: Progress,
  factor: FirstFactor,
  { wantsPasskeyOffer }: Account,
  { offerPasskeys, passkeySignIn }: Policy,
): boolean {
  // What an organization's provider says must not become a way in that lasts longer than its word.
  if (factor === 'passkey' || factor === 'sso' || request.destination.kind !== 'app') return false;
  return (
    offerPasskeys &&
    passkeySignIn &&
    wantsPasskeyOffer &&
    answers.canMakePasskey === true &&
    answers.passkeyOffer === undefined
  );
}
