import { type FirstFactor, firstFactorOf, signOnOf } from '../sessions/index.ts';
import type { Attempt } from './attempt.ts';
import { ownPagesDemand, passkeyBarrier } from './own-pages.ts';
import { type Account, lacksSecondFactor, type Membership, type Policy, policyStep } from './policy.ts';

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
  if (lacksSecondFactor(proven, account, policy) && !isSignedOn(progress)) return 'mfa';
  if (answers.joined === undefined) return waitsForClick(progress) ? 'agree_to_join' : 'join';
  const organization = organizationStep(progress, account);
  if (organization) return organization;
  const demanded = isOwnPage(request)
    ? (ownPagesDemand(proven, account, policy)?.step ?? null)
    : policyStep(proven, account, policy, membershipOf(progress, account));
  if (demanded === 'enroll_mfa' && answers.provedLongAgo) return 'prove';
  if (demanded === 'enroll_mfa' && !account.isEmailVerified && request.destination.kind !== 'api')
    return 'verify_email';
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
export function allows(
  policy: Pick<Policy, 'passwordSignIn' | 'magicAuthSignIn' | 'passkeySignIn'>,
  factor: FirstFactor,
): boolean {
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
  // Ways in are kept for whoever has shown that the address is theirs: the owner of an inbox takes the others away.
  return account.isEmailVerified || !(policy.requireEmailVerification || isInvited || isOwnPage(request));
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
export const isOwnPage = ({ destination }: Pick<Progress['request'], 'destination'>): boolean =>
  destination.kind === 'page' && !destination.isForApp;

/** The organization that a sign-in can only be for: the one the app asks for, or the one at whose provider it began. */
export const wantedOrganization = ({ request, proven }: Pick<Progress, 'request' | 'proven'>): string | null =>
  request.organizationId ?? signOnOf(proven)?.organizationId ?? null;

/**
 * The organization's own provider has let them in to it. How many factors that takes is up to the organization there, as
 * it is its own door.
 */
const isSignedOn = (progress: Progress): boolean =>
  !isOwnPage(progress.request) &&
  signOnOf(progress.proven) !== null &&
  signOnOf(progress.proven)?.organizationId === wantedOrganization(progress);

/** The organization this sign-in is for: the one it can only be for, the one chosen, or the only one there is. */
export function membershipOf(
  progress: Pick<Progress, 'request' | 'organizationId' | 'proven'>,
  { memberships }: Pick<Account, 'memberships'>,
): Membership | null {
  if (isOwnPage(progress.request)) return null;
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
  if (isOwnPage(progress.request) || membershipOf(progress, account)) return null;
  if (wantedOrganization(progress) !== null) return 'not_a_member';
  return account.memberships.length > 1 ? 'choose_organization' : null;
}

function offersPasskey(
  { answers, request, proven }: Progress,
  factor: FirstFactor,
  account: Account,
  policy: Policy,
): boolean {
  // What an organization's provider says must not become a way in that lasts longer than its word.
  if (factor === 'passkey' || factor === 'sso' || request.destination.kind !== 'app') return false;
  return (
    policy.offerPasskeys &&
    policy.passkeySignIn &&
    account.isEmailVerified &&
    account.wantsPasskeyOffer &&
    answers.canMakePasskey === true &&
    answers.passkeyOffer === undefined &&
    // It would open every organization of theirs, and not this one alone.
    ownPagesDemand(proven, account, policy) === null &&
    passkeyBarrier(proven, account) === null
  );
}
