import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Proven } from '../sessions/index.ts';
import { ownPagesDemand, passkeyBarrier } from './own-pages.ts';
import type { Account, Membership, WaysIn } from './policy.ts';

type Method = NonNullable<Membership['signInMethods']>[number];

const policy = { mfa: 'off', passkeySignIn: true } as const;
const bySignOn: Proven = {
  sso: { at: 1, connectionId: 'conn_1', organizationId: 'org_1', profileId: 'prof_1', provesEmail: true },
};
const byCode: Proven = { magicAuth: 1 };
const byPassword: Proven = { password: 1 };

/** Members of organizations that take these, in this order; the first that is numbered 1 is where they are at home. */
const memberOf = (takes: readonly (readonly [number, readonly Method[]])[], ways: Partial<WaysIn> = {}): Account => ({
  isEmailVerified: true,
  hasSecondFactor: false,
  hasPasskey: false,
  wantsPasskeyOffer: false,
  domainOwnerId: 'org_1',
  memberships: takes.map(([number, signInMethods]) => ({
    organizationId: `org_${number}`,
    organizationName: `${number}`,
    signInMethods: [...signInMethods],
    mfa: 'inherit',
  })),
  waysIn: { methods: ['Password', 'MagicAuth'], signOnAt: ['org_1'], homeId: 'org_1', ...ways },
});

const methodsAsked = (proven: Proven, account: Account) => ownPagesDemand(proven, account, policy)?.methods ?? null;

describe('what is asked before ways in are changed', () => {
  it('does not depend on the order of the organizations', () => {
    const [home, other] = [
      [1, ['SSO']],
      [2, ['MagicAuth', 'Passkey']],
    ] as const;
    for (const account of [memberOf([home, other]), memberOf([other, home])]) {
      assert.deepEqual(methodsAsked(bySignOn, account), ['MagicAuth']);
      assert.deepEqual(methodsAsked(byPassword, account), ['MagicAuth']);
      assert.equal(methodsAsked(byCode, account), null);
    }
  });

  it('is the sign-on of the organization they are at home in, while it is switched on', () => {
    const takes = [[1, ['SSO', 'Passkey']]] as const;
    assert.deepEqual(methodsAsked(byPassword, memberOf(takes)), ['SSO']);
    assert.equal(methodsAsked(bySignOn, memberOf(takes)), null);
    assert.equal(methodsAsked(byPassword, memberOf(takes, { signOnAt: [] })), null);
  });

  it('is no sign-on that says nothing of the account; but no passkey is made that would take its place', () => {
    const guest = memberOf([[2, ['SSO', 'Passkey']]], { signOnAt: ['org_2'], homeId: null });
    assert.equal(methodsAsked(byPassword, guest), null);
    assert.equal(passkeyBarrier(byPassword, guest)?.organizationId, 'org_2');
    const beside = memberOf(
      [
        [1, ['SSO']],
        [2, ['SSO', 'Passkey']],
      ],
      { signOnAt: ['org_1', 'org_2'] },
    );
    assert.equal(methodsAsked(bySignOn, beside), null);
    assert.equal(passkeyBarrier(bySignOn, beside)?.organizationId, 'org_2', 'another provider’s word');
    assert.equal(passkeyBarrier(byPassword, memberOf([[2, ['SSO', 'Passkey']]], { signOnAt: [] })), null);
    assert.equal(passkeyBarrier(byPassword, memberOf([[2, ['SSO']]], { signOnAt: ['org_2'] })), null, 'it takes none');
  });
});
