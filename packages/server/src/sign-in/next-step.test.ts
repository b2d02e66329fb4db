import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { AuthorizeRequest, SignUp } from './attempt.ts';
import { nextStep, type Step } from './next-step.ts';

const signUps = ['none', 'new', 'unverified', 'decoy'] as const;
const users = ['none', 'unverified', 'verified'] as const;

interface Case {
  readonly email: boolean;
  readonly password: boolean;
  readonly signUp: (typeof signUps)[number];
  readonly user: (typeof users)[number];
  readonly code: boolean;
  readonly shared: boolean;
  readonly clicked: boolean;
  readonly policy: boolean;
}

const both = [false, true];

const everyCase: Case[] = both.flatMap((email) =>
  both.flatMap((password) =>
    signUps.flatMap((signUp) =>
      users.flatMap((user) =>
        both.flatMap((code) =>
          both.flatMap((shared) =>
            both.flatMap((clicked) =>
              both.map((policy) => ({ email, password, signUp, user, code, shared, clicked, policy })),
            ),
          ),
        ),
      ),
    ),
  ),
);

/** The first row that fits says what happens. The last column is how many of all combinations the row decides. */
const table: readonly (readonly [fits: Partial<Case>, Step, number])[] = [
  [{ email: false }, 'identify', 384],
  [{ password: false }, 'password', 192],
  // Somebody else's address: whatever else is true, no code will ever be right.
  [{ signUp: 'decoy' }, 'verify_email', 48],
  // The account was deleted meanwhile.
  [{ user: 'none' }, 'identify', 48],
  // Signing up over an account asks for the inbox, whatever the policy and whoever verified it meanwhile.
  [{ signUp: 'unverified', code: false }, 'verify_email', 16],
  [{ user: 'unverified', policy: true }, 'verify_email', 20],
  [{ shared: true, clicked: false }, 'confirm_redirect', 15],
  [{}, 'complete', 45],
];

const signUpOf = (kind: Case['signUp']): SignUp | null => {
  switch (kind) {
    case 'none':
      return null;
    case 'new':
      return { kind };
    case 'unverified':
      return {
        kind,
        passwordHash: { hash: '', type: 'argon2id', saltPosition: null } as never,
        firstName: null,
        lastName: null,
      };
    case 'decoy':
      return { kind, tries: 0 };
  }
};

function stepOf({ email, password, signUp, user, code, shared, clicked, policy }: Case): Step {
  const attempt = {
    email: email ? 'grace@example.com' : null,
    proven: { ...(password && { password: 1 }), ...(code && { emailCode: 2 }), ...(clicked && { redirect: 3 }) },
    signUp: signUpOf(signUp),
    request: { isOnSharedGround: shared } as AuthorizeRequest,
  };
  const account = user === 'none' ? null : { isEmailVerified: user === 'verified' };
  return nextStep(attempt, account, { requireEmailVerification: policy });
}

describe('nextStep', () => {
  it('decides every combination as the table says', () => {
    const decided = table.map(() => 0);
    for (const each of everyCase) {
      const row = table.findIndex(([fits]) =>
        Object.entries(fits).every(([name, value]) => each[name as keyof Case] === value),
      );
      assert.equal(stepOf(each), table[row]?.[1], JSON.stringify(each));
      decided[row] = (decided[row] ?? 0) + 1;
    }
    assert.deepEqual(
      decided,
      table.map(([, , count]) => count),
    );
    assert.equal(everyCase.length, 768);
  });

  it('completes nothing that lacks a proof', () => {
    const cases = fc.record<Case>({
      email: fc.boolean(),
      password: fc.boolean(),
      signUp: fc.constantFrom(...signUps),
      user: fc.constantFrom(...users),
      code: fc.boolean(),
      shared: fc.boolean(),
      clicked: fc.boolean(),
      policy: fc.boolean(),
    });
    fc.assert(
      fc.property(cases, (each) => {
        if (stepOf(each) !== 'complete') return;
        assert.ok(each.email && each.password, 'without the password');
        assert.notEqual(each.user, 'none', 'for nobody');
        assert.notEqual(each.signUp, 'decoy', 'for somebody else’s address');
        assert.ok(each.signUp !== 'unverified' || each.code, 'over an account nobody proved, without the code');
        assert.ok(each.user === 'verified' || !each.policy, 'unverified, although the policy asks for a proof');
        assert.ok(!each.shared || each.clicked, 'on shared ground, without the click');
      }),
      { numRuns: 2000 },
    );
  });
});
