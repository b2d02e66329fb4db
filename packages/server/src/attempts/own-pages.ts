import type { AuthenticationMethod } from '../protocol/index.ts';
import { authenticationMethodOf, firstFactorOf, type Proven, signOnOf } from '../sessions/index.ts';
import { type Account, lacksSecondFactor, type Membership, type Policy, policyStep } from './policy.ts';

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
 * What they do not have yet is not asked for. It could be had nowhere else.
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
  const demand = methodsDemanded(proven, account);
  if (firstFactorOf(proven) === null || demand === null) return null;
  return demand.methods.includes(authenticationMethodOf(proven)) ? null : { step: 'change_method', ...demand };
}

/** Of the ways in that each organization takes, those that all of them do, as far as the person has them. */
function methodsDemanded(
  proven: Proven,
  { memberships, waysIn }: Pick<Account, 'memberships' | 'waysIn'>,
): Pick<OwnPagesDemand, 'membership' | 'methods'> | null {
  const demands = memberships
    .map((membership) => ({ membership, methods: usable(proven, membership, waysIn) }))
    .filter(({ methods }) => methods.length > 0)
    // Where two of them exclude each other, the first is heard: that is one that takes no password, the easiest to steal.
    .sort((one, other) => Number(one.methods.includes('Password')) - Number(other.methods.includes('Password')));
  const [first, ...others] = demands;
  if (!first) return null;
  const methods = others.reduce((all, other) => {
    const both = all.filter((method) => other.methods.includes(method));
    return both.length > 0 ? both : all;
  }, first.methods);
  return { membership: first.membership, methods };
}

/** An organization's own sign-on counts when it is how they came: nothing at these pages makes another one. */
function usable(
  proven: Proven,
  { organizationId, signInMethods }: Membership,
  waysIn: Account['waysIn'],
): readonly AuthenticationMethod[] {
  const isAtHome = signOnOf(proven)?.organizationId === organizationId;
  return (signInMethods ?? []).filter((method) =>
    method === 'SSO' ? isAtHome : waysIn === null || waysIn.includes(method),
  );
}
