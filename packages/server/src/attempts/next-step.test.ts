import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { AuthenticationMethod } from '../protocol/index.ts';
import type { Proven } from '../sessions/index.ts';
import type { SignUp } from './attempt.ts';
import { nextStep, type Progress, type Step } from './next-step.ts';
import { type Account, type Policy, policyStep } from './policy.ts';
import { type Destination, plainRequest } from './request.ts';

/** Every question `nextStep` asks, with every answer it can get. */
const dimensions = {
  email: [false, true],
  factor: ['none', 'password', 'magicAuth', 'passkey', 'social', 'sso', 'guest sso'],
  methodAllowed: [true, false],
  signUp: ['none', 'new', 'unverified', 'pending', 'decoy', 'newcomer', 'social', 'sso'],
  user: ['none', 'unverified', 'verified'],
  code: [false, true],
  verification: [false, true],
  mfa: ['off', 'optional', 'required'],
  hasSecond: [false, true],
  passkey: ['none', 'usable', 'switched off'],
  second: ['none', 'secondPasskey', 'totp', 'recoveryCode'],
  joined: [false, true],
  invited: [false, true],
  consent: ['proved now', 'a link', 'a click'],
  memberships: [0, 1, 2],
  wanted: ['none', 'first', 'second', 'stranger'],
  chosen: [false, true],
  organization: ['open', 'other methods', 'only sso', 'two factors'],
  waysIn: ['unknown', 'those asked for', 'others', 'the sign-on'],
  destination: ['app', 'shared', 'page', 'device', 'api'],
  clicked: [false, true],
  codesDue: [false, true],
  offer: [false, true],
  proof: ['of today', 'of long ago'],
} as const;

type Case = { [K in keyof typeof dimensions]: (typeof dimensions)[K][number] };

/** Where somebody stands who has proved a password and has nothing else to do. */
const settled: Case = {
  email: true,
  factor: 'password',
  methodAllowed: true,
  signUp: 'none',
  user: 'verified',
  code: false,
  verification: true,
  mfa: 'optional',
  hasSecond: false,
  passkey: 'none',
  second: 'none',
  joined: true,
  invited: false,
  consent: 'proved now',
  memberships: 0,
  wanted: 'none',
  chosen: false,
  organization: 'open',
  waysIn: 'unknown',
  destination: 'app',
  clicked: false,
  codesDue: false,
  offer: false,
  proof: 'of today',
};

function* combinations(names: readonly (keyof Case)[]): Generator<Case> {
  const [name, ...rest] = names;
  if (name === undefined) return yield settled;
  for (const each of combinations(rest)) for (const value of dimensions[name]) yield { ...each, [name]: value };
}

const twoFactors = (c: Case): boolean => c.second !== 'none' || c.factor === 'passkey';
/** At the identity provider of the first organization. */
const isSignOn = (c: Case): boolean => c.factor === 'sso' || c.factor === 'guest sso';
/** Providers are switched on and off one by one, at their own door. */
const isSwitchedOff = (c: Case): boolean => !c.methodAllowed && c.factor !== 'social' && !isSignOn(c);
/** A password over an account nobody proved, or a provider’s account with an address it cannot vouch for. */
const awaitsCode = (c: Case): boolean => ['unverified', 'newcomer', 'social', 'sso'].includes(c.signUp);
const isMember = (c: Case): boolean => c.memberships > 0;
/** The organization the sign-in can only be for: whoever came by a provider is there for its organization. */
const wantedOf = (c: Case): Case['wanted'] => (c.wanted === 'none' && isSignOn(c) ? 'first' : c.wanted);
const isWantedMember = (c: Case): boolean =>
  (wantedOf(c) === 'first' && isMember(c)) || (wantedOf(c) === 'second' && c.memberships === 2);
/** In the organization at whose provider they signed in, how many factors that takes is up to the provider. */
const isHome = (c: Case): boolean => isSignOn(c) && c.destination !== 'page' && wantedOf(c) === 'first';
/** The organization the sign-in ends in, if any. */
const hasOrganization = (c: Case): boolean =>
  c.destination !== 'page' &&
  (wantedOf(c) === 'none' ? c.memberships === 1 || (c.chosen && isMember(c)) : isWantedMember(c));
const demandsTwo = (c: Case): boolean =>
  !isHome(c) && (c.mfa === 'required' || (hasOrganization(c) && c.organization === 'two factors'));
/** A way in that is changed opens every organization: of them all, at a page of our own, those that ask for two factors. */
const demandsTwoSomewhere = (c: Case): boolean =>
  c.organization === 'two factors' && (isSignOn(c) ? c.memberships === 2 : isMember(c));
/** And those that take other ways, one of which they have. */
const isRefusedSomewhere = (c: Case): boolean => {
  if (!isMember(c) || c.waysIn === 'others') return false;
  // Who came by the provider of the first organization has shown its sign-on; beside one that takes other ways, it is not enough.
  if (c.organization === 'only sso') return c.waysIn !== 'those asked for' && !isSignOn(c);
  return c.organization === 'other methods' && (c.waysIn !== 'the sign-on' || !isSignOn(c));
};
const isRefused = (c: Case): boolean =>
  c.organization === 'other methods' || (c.organization === 'only sso' && !isHome(c));

/** The first row that fits says what happens. */
const table: readonly (readonly [why: string, fits: (c: Case) => boolean, Step])[] = [
  ['nobody has said who they are', (c) => !c.email && (c.factor === 'none' || isSwitchedOff(c)), 'identify'],
  ['nothing is proved', (c) => c.factor === 'none', 'prove'],
  ['the method was switched off meanwhile', isSwitchedOff, 'prove'],
  ['somebody else’s address: no code will ever be right', (c) => c.signUp === 'decoy', 'verify_email'],
  ['the account is made with the code', (c) => c.signUp === 'pending', 'verify_email'],
  ['the provider told no address', (c) => c.user === 'none' && c.signUp === 'social', 'tell_email'],
  ['the inbox is proved, and nobody has it', (c) => c.user === 'none' && c.signUp === 'newcomer', 'make_account'],
  ['the account was deleted meanwhile', (c) => c.user === 'none', 'identify'],
  ['what waits for the inbox gets nothing before the code', (c) => awaitsCode(c) && !c.code, 'verify_email'],
  [
    'of a new account too, whoever has proved it meanwhile',
    (c) => c.signUp === 'new' && c.verification && !c.code,
    'verify_email',
  ],
  ['the policy wants the inbox proved', (c) => c.user === 'unverified' && c.verification, 'verify_email'],
  [
    'an invitation is for an address, so it is proved first',
    (c) => c.user === 'unverified' && c.invited && !c.joined,
    'verify_email',
  ],
  [
    'their own page changes ways in, which are for whoever has the inbox',
    (c) => c.user === 'unverified' && c.destination === 'page',
    'verify_email',
  ],
  [
    'there is a second factor: before anything is told of the account',
    (c) => c.hasSecond && c.mfa !== 'off' && !twoFactors(c) && !isHome(c),
    'mfa',
  ],
  [
    'a link is no consent: whoever was signed in already is asked whether to join',
    (c) => !c.joined && (c.invited || c.wanted !== 'none') && c.consent === 'a link',
    'agree_to_join',
  ],
  ['memberships are due', (c) => !c.joined, 'join'],
  [
    'the app wants an organization of others',
    (c) => c.destination !== 'page' && wantedOf(c) !== 'none' && !isWantedMember(c),
    'not_a_member',
  ],
  [
    'there are several',
    (c) => c.destination !== 'page' && wantedOf(c) === 'none' && c.memberships === 2 && !c.chosen,
    'choose_organization',
  ],
  ['the organization wants another way', (c) => hasOrganization(c) && isRefused(c), 'change_method'],
  [
    'a provider speaks for a guest in its organization alone',
    (c) => c.factor === 'guest sso' && !isHome(c),
    'change_method',
  ],
  ['two factors are demanded', (c) => demandsTwo(c) && !twoFactors(c) && c.hasSecond, 'mfa'],
  [
    'two factors are demanded of somebody who has them in a passkey',
    (c) => demandsTwo(c) && !twoFactors(c) && c.passkey === 'usable',
    'prove_passkey',
  ],
  [
    'a factor is added on the strength of a proof of now alone',
    (c) => demandsTwo(c) && !twoFactors(c) && c.proof === 'of long ago',
    'prove',
  ],
  [
    'a factor that our pages set up is for whoever has the inbox',
    (c) => demandsTwo(c) && !twoFactors(c) && c.user === 'unverified' && c.destination !== 'api',
    'verify_email',
  ],
  ['two factors are demanded of somebody with one', (c) => demandsTwo(c) && !twoFactors(c), 'enroll_mfa'],
  [
    'at their own page, two factors that an organization of theirs demands',
    (c) => c.destination === 'page' && demandsTwoSomewhere(c) && !twoFactors(c) && c.hasSecond,
    'mfa',
  ],
  [
    'there, too, those in a passkey',
    (c) => c.destination === 'page' && demandsTwoSomewhere(c) && !twoFactors(c) && c.passkey === 'usable',
    'prove_passkey',
  ],
  [
    'at their own page, a way in that an organization of theirs takes',
    (c) => c.destination === 'page' && isRefusedSomewhere(c),
    'change_method',
  ],
  ['the API asks nothing more', (c) => c.destination === 'api', 'complete'],
  ['recovery codes wait to be shown', (c) => c.codesDue, 'recovery_codes'],
  [
    'a passkey is offered on the way to an app',
    (c) =>
      c.offer &&
      c.user === 'verified' &&
      c.passkey !== 'switched off' &&
      c.factor !== 'passkey' &&
      !isSignOn(c) &&
      !(demandsTwoSomewhere(c) && !twoFactors(c) && (c.hasSecond || c.passkey === 'usable')) &&
      !isRefusedSomewhere(c) &&
      c.destination !== 'page' &&
      c.destination !== 'device',
    'offer_passkey',
  ],
  ['a stranger’s address asks for a click', (c) => c.destination === 'shared' && !c.clicked, 'confirm_redirect'],
  ['nothing is missing', () => true, 'complete'],
];

const methods = {
  none: null,
  password: 'Password',
  magicAuth: 'MagicAuth',
  passkey: 'Passkey',
  social: 'GoogleOAuth',
  sso: 'SSO',
  'guest sso': 'SSO',
} as const;

const profile = {
  subject: '1',
  email: null,
  isEmailVerified: false,
  firstName: null,
  lastName: null,
  name: null,
  pictureUrl: null,
};

const signUpOf = (kind: Case['signUp']): SignUp | null => {
  switch (kind) {
    case 'none':
      return null;
    case 'new':
      return { kind, passwordHash: null };
    case 'unverified':
    case 'pending':
      return { kind, passwordHash: { hash: '', type: 'argon2', saltPosition: null }, firstName: null, lastName: null };
    case 'decoy':
      return { kind };
    case 'newcomer':
      return { kind, names: null };
    case 'social':
      return { kind, profile, isNew: false };
    case 'sso':
      return { kind, profileId: 'prof_1', isNew: false };
  }
};

const destinationOf = (kind: Case['destination']): Destination => {
  if (kind === 'page') return { kind, path: '/account' };
  if (kind === 'device') return { kind: 'page', path: '/device/confirm', isForApp: true };
  if (kind === 'api') return { kind };
  const isOnSharedGround = kind === 'shared';
  return { kind: 'app', redirectUri: '', state: null, codeChallenge: null, isOnSharedGround, stepUps: 'pages' };
};

function provenOf({ factor, second, code, clicked }: Case): Proven {
  const sso = {
    at: 1,
    connectionId: 'conn_1',
    organizationId: 'org_1',
    profileId: 'prof_1',
    provesEmail: factor === 'sso',
  };
  const isOfOurs = factor === 'password' || factor === 'magicAuth' || factor === 'passkey';
  return {
    ...(factor === 'social' && { social: { at: 1, provider: 'GoogleOAuth', provesEmail: true } }),
    ...((factor === 'sso' || factor === 'guest sso') && { sso }),
    ...(isOfOurs && { [factor]: 1 }),
    ...(second !== 'none' && { [second]: 2 }),
    ...(code && { emailCode: 3 }),
    ...(clicked && { redirect: 4 }),
  };
}

function policyOf({ methodAllowed, factor, verification, mfa, passkey }: Case): Policy {
  return {
    requireEmailVerification: verification,
    mfa,
    passwordSignIn: methodAllowed || factor !== 'password',
    magicAuthSignIn: methodAllowed || factor !== 'magicAuth',
    passkeySignIn: factor === 'passkey' ? methodAllowed : passkey !== 'switched off',
    offerPasskeys: true,
  };
}

function accountOf({
  user,
  hasSecond,
  passkey,
  offer,
  memberships,
  organization,
  factor,
  waysIn,
}: Case): Account | null {
  if (user === 'none') return null;
  const others = (['Password', 'MagicAuth', 'Passkey', 'GoogleOAuth', 'SSO'] as const).filter(
    (name) => name !== methods[factor],
  );
  const signInMethods =
    organization === 'other methods' ? others : organization === 'only sso' ? ['SSO' as const] : null;
  const policy = { signInMethods, mfa: organization === 'two factors' ? 'required' : 'inherit' } as const;
  const all = ['org_1', 'org_2'].map((organizationId) => ({
    organizationId,
    organizationName: organizationId,
    ...policy,
  }));
  return {
    isEmailVerified: user === 'verified',
    hasSecondFactor: hasSecond,
    hasPasskey: passkey !== 'none',
    wantsPasskeyOffer: offer,
    memberships: all.slice(0, memberships),
    waysIn: waysInOf(waysIn, others),
    domainOwnerId: 'org_1',
  };
}

function waysInOf(waysIn: Case['waysIn'], others: readonly AuthenticationMethod[]): Account['waysIn'] {
  switch (waysIn) {
    case 'unknown':
      return waysIn;
    case 'those asked for':
      return { methods: others, signOnAt: [], homeId: null };
    case 'others':
      return { methods: [], signOnAt: [], homeId: null };
    case 'the sign-on':
      return { methods: [], signOnAt: ['org_1', 'org_2'], homeId: 'org_1' };
  }
}

function stepOf(c: Case): Step {
  const organizationId = { none: null, first: 'org_1', second: 'org_2', stranger: 'org_9' }[c.wanted];
  const progress: Progress = {
    email: c.email ? 'grace@example.com' : null,
    proven: provenOf(c),
    signUp: signUpOf(c.signUp),
    organizationId: c.chosen ? 'org_1' : null,
    answers: {
      canMakePasskey: true,
      ...(c.joined && { joined: true }),
      ...(c.consent === 'a click' && { agreesToJoin: true }),
      ...(c.consent !== 'proved now' && { browserSessionId: 'browser_session_1' }),
      ...(c.proof === 'of long ago' && { provedLongAgo: true }),
      ...(c.codesDue && { recoveryCodesDue: true }),
    },
    impersonator: null,
    request: {
      ...plainRequest,
      organizationId,
      invitationId: c.invited ? 'invitation_1' : null,
      destination: destinationOf(c.destination),
    },
  };
  return nextStep(progress, accountOf(c), policyOf(c));
}

function decidesAsTheTableSays(names: readonly (keyof Case)[]): void {
  const decided = new Set<string>();
  for (const each of combinations(names)) {
    const row = table.find(([, fits]) => fits(each));
    assert.equal(stepOf(each), row?.[2], `${row?.[0]}: ${JSON.stringify(each)}`);
    if (row) decided.add(row[0]);
  }
  assert.ok(decided.size > 5, 'the combinations reach too few rows');
}

const anyCase = fc.record(
  Object.fromEntries(Object.entries(dimensions).map(([name, values]) => [name, fc.constantFrom(...values)])),
) as unknown as fc.Arbitrary<Case>;

describe('nextStep', () => {
  it('decides who somebody is as the table says', () => {
    decidesAsTheTableSays([
      'email',
      'factor',
      'methodAllowed',
      'signUp',
      'user',
      'code',
      'verification',
      'mfa',
      'hasSecond',
      'second',
      'joined',
      'invited',
      'consent',
    ]);
  });

  it('decides what organizations ask as the table says', () => {
    decidesAsTheTableSays([
      'factor',
      'mfa',
      'hasSecond',
      'passkey',
      'second',
      'memberships',
      'wanted',
      'chosen',
      'organization',
      'waysIn',
      'destination',
    ]);
  });

  it('decides what browsers ask as the table says', () => {
    decidesAsTheTableSays([
      'factor',
      'user',
      'verification',
      'mfa',
      'hasSecond',
      'second',
      'memberships',
      'chosen',
      'organization',
      'destination',
      'clicked',
      'codesDue',
      'offer',
    ]);
  });

  it('has no row that nothing reaches', () => {
    const reached = new Set(fc.sample(anyCase, 200_000).map((each) => table.findIndex(([, fits]) => fits(each))));
    assert.deepEqual(
      table.map(([why]) => why).filter((_, index) => !reached.has(index)),
      [],
    );
  });

  it('completes nothing that lacks a proof, whatever else is true', () => {
    fc.assert(
      fc.property(anyCase, (each) => {
        if (stepOf(each) !== 'complete') return;
        assert.notEqual(each.factor, 'none', 'without a first factor');
        assert.ok(
          each.methodAllowed || each.factor === 'social' || isSignOn(each),
          'in a way the environment does not allow',
        );
        assert.notEqual(each.user, 'none', 'for nobody');
        assert.notEqual(each.signUp, 'decoy', 'for somebody else’s address');
        assert.notEqual(each.signUp, 'pending', 'without an account');
        assert.ok(each.signUp !== 'unverified' || each.code, 'over an account nobody proved, without the code');
        assert.ok(each.user === 'verified' || !each.verification || each.code, 'unverified, although a proof is asked');
        const hasEnough = twoFactors(each) || isHome(each);
        assert.ok(each.mfa === 'off' || !each.hasSecond || hasEnough, 'around the second factor they have');
        assert.ok(each.mfa !== 'required' || hasEnough, 'with one factor where two are demanded');
        assert.ok(each.factor !== 'guest sso' || isHome(each), 'by a provider that has no say there');
        if (hasOrganization(each)) {
          assert.ok(!isRefused(each), 'in a way the organization does not allow');
          assert.ok(each.organization !== 'two factors' || hasEnough, 'into a strict organization with one factor');
        }
        if (each.destination === 'page') {
          assert.equal(each.user, 'verified', 'to the account, with an address that nobody has proved');
          const hasTwo = each.hasSecond || each.passkey === 'usable';
          assert.ok(
            !demandsTwoSomewhere(each) || !hasTwo || twoFactors(each),
            'to the account, around a second factor',
          );
          assert.ok(!isRefusedSomewhere(each), 'to the account, in a way that an organization of theirs does not take');
        }
        assert.ok(each.destination !== 'shared' || each.clicked, 'on shared ground, without the click');
      }),
      { numRuns: 20_000 },
    );
  });

  it('asks an impersonator for nothing that is the user’s, and still for the organization', () => {
    const request = { ...plainRequest, destination: destinationOf('app') };
    const impersonated: Progress = {
      email: 'grace@example.com',
      proven: { impersonation: 1 },
      signUp: null,
      organizationId: null,
      answers: {},
      impersonator: { email: 'op@example.com', reason: 'ticket 7' },
      request,
    };
    const account = (memberships: 0 | 2) =>
      accountOf({ ...settled, user: 'unverified', hasSecond: true, memberships, organization: 'two factors' });
    const policy = policyOf({ ...settled, mfa: 'required' });
    assert.equal(nextStep(impersonated, account(0), policy), 'complete');
    assert.equal(nextStep(impersonated, account(2), policy), 'choose_organization');
    assert.equal(nextStep({ ...impersonated, organizationId: 'org_2' }, account(2), policy), 'complete');
  });

  it('takes the word of a provider in another organization for as long as its own has the domain', () => {
    const proven = provenOf({ ...settled, factor: 'sso' });
    const account = accountOf({ ...settled, user: 'verified', memberships: 2 });
    assert.ok(account);
    const [home = null, other = null] = account.memberships;
    const asked = (domainOwnerId: string | null, membership: typeof home) =>
      policyStep(proven, { ...account, domainOwnerId }, policyOf(settled), membership);
    for (const owner of ['org_1', 'org_2', null]) assert.equal(asked(owner, home), null, `at home: ${owner}`);
    for (const elsewhere of [other, null]) {
      assert.equal(asked('org_1', elsewhere), null);
      for (const owner of ['org_2', null]) assert.equal(asked(owner, elsewhere), 'change_method', `${owner}`);
    }
  });
});
