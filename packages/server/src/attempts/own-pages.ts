import type { AuthenticationMethod } from '../protocol/index.ts';
import { authenticationMethodOf, firstFactorOf, type Proven, signOnOf } from '../sessions/index.ts';
import { type Account, lacksSecondFactor, type Membership, type Policy, policyStep, type WaysIn } from './policy.ts';

/** What somebody has to show yet, and for whose sake; the membership is null where the environment asks everybody. */
export interface OwnPagesDemand {
  readonly step: Exclude<ReturnType<typeof policyStep>, null>;
  readonly membership: Membership | null;
  /** The ways in that will do, where the step is `change_method`. */
  readonly methods: readonly AuthenticationMethod[];
}

/**
 * What is missing before somebody may change how they sign in: at the account page, and where a passkey is offered. A
 * password, passkey or authenticator app of theirs opens every organization they are in, so each of those is asked, as
 * if they were on the way into it: else the weakest way in would make the strongest (ASVS 6.3.4).
 *
 * What they do not have yet is not asked for. It could be had nowhere else (but see `passkeyBarrier`).
 */
export function ownPagesDemand(
  proven: Proven,
  account: Pick<Account, 'hasSecondFactor' | 'hasPasskey' | 'domainOwnerId' | 'memberships' | 'waysIn'>,
  policy: Pick<Policy, 'mfa' | 'passkeySignIn'>,
): OwnPagesDemand | null {
  const ofEverybody = lacksSecondFactor(proven, account, policy) ? 'mfa' : policyStep(proven, account, policy, null);
  if (ofEverybody) return { step: ofEverybody, membership: null, methods: [] };
  for (const membership of account.memberships) {
    const step = policyStep(proven, account, policy, { ...membership, signInMethods: null });
    if (step === 'mfa' || step === 'prove_passkey') return { step, membership, methods: [] };
  }
  const demand = waysDemanded(account);
  if (firstFactorOf(proven) === null || demand === null || demand.ways.includes(wayOf(proven))) return null;
  return { step: 'change_method', membership: demand.membership, methods: demand.ways.map(methodOf) };
}

/**
 * The organization that a passkey made now would open, and this sign-in does not: because it takes a way that they have and
 * did not come by. Its own provider counts as one wherever it has any, as the passkey would stay when that says no.
 *
 * @returns null when none would
 */
export function passkeyBarrier(
  proven: Proven,
  { memberships, waysIn }: Pick<Account, 'memberships' | 'waysIn'>,
): Membership | null {
  return (
    memberships
      .filter(({ signInMethods }) => signInMethods?.includes('Passkey'))
      .find((membership) => {
        const ways = usable(membership, waysIn, isSignOnThere);
        return ways.length > 0 && !ways.includes(wayOf(proven));
      }) ?? null
  );
}

/** Of the ways in that each organization takes, those that all of them do, as far as the person has them. */
function waysDemanded({
  memberships,
  waysIn,
}: Pick<Account, 'memberships' | 'waysIn'>): { readonly membership: Membership; readonly ways: readonly Way[] } | null {
  const demands = memberships
    .map((membership) => ({ membership, ways: usable(membership, waysIn, isSignOnAtHome) }))
    .filter(({ ways }) => ways.length > 0)
    .sort((one, other) => easeOf(one.membership) - easeOf(other.membership));
  const [first, ...others] = demands;
  if (!first) return null;
  const ways = others.reduce((all, other) => {
    const both = all.filter((way) => other.ways.includes(way));
    return both.length > 0 ? both : all;
  }, first.ways);
  return { membership: first.membership, ways };
}

/**
 * How easily somebody else comes to what an organization takes. Where two exclude each other the harder one is heard,
 * whichever way the person came, or they would be sent to and fro. One that takes its own sign-on alone comes last, as
 * nothing that is made at our pages opens it.
 */
function easeOf({ signInMethods }: Membership): number {
  const methods = signInMethods ?? [];
  if (methods.every((method) => method === 'SSO')) return 3;
  if (methods.includes('Password')) return 2;
  return methods.includes('MagicAuth') ? 1 : 0;
}

/** A method, and of single sign-on whose: the providers of two organizations are two ways in. */
type Way = Exclude<AuthenticationMethod, 'SSO'> | `SSO of ${string}`;

function wayOf(proven: Proven): Way {
  const signOn = signOnOf(proven);
  const method = authenticationMethodOf(proven);
  return signOn || method === 'SSO' ? `SSO of ${signOn?.organizationId}` : method;
}

const methodOf = (way: Way): AuthenticationMethod => (isSignOn(way) ? 'SSO' : way);
const isSignOn = (way: Way): way is `SSO of ${string}` => way.startsWith('SSO of ');

const isSignOnThere = ({ organizationId }: Membership, { signOnAt }: WaysIn): boolean =>
  signOnAt.includes(organizationId);

/** A guest's sign-on says nothing of the account, so asking for it would lead nowhere. */
const isSignOnAtHome = (membership: Membership, ways: WaysIn): boolean =>
  isSignOnThere(membership, ways) && ways.homeId === membership.organizationId;

function usable(membership: Membership, ways: Account['waysIn'], isSignOnUsable: typeof isSignOnThere): readonly Way[] {
  const isUsable = (method: AuthenticationMethod): boolean => {
    if (ways === 'unknown') return true;
    return method === 'SSO' ? isSignOnUsable(membership, ways) : ways.methods.includes(method);
  };
  return (membership.signInMethods ?? [])
    .filter(isUsable)
    .map((method): Way => (method === 'SSO' ? `SSO of ${membership.organizationId}` : method));
}
