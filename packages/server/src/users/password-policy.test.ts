import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { processorMs } from '../../test/time.ts';
import { TooManyRequests } from '../core/index.ts';
import { judgePassword, type PasswordContext, type PasswordPolicy } from './password-policy.ts';

const grace = { email: 'grace.hopper@navy.example', firstName: 'Grace', lastName: 'Hopper' };

const usual: PasswordPolicy = { passwordMinLength: 10, passwordMinScore: 3, refuseLeakedPasswords: true };

async function codesOf(
  password: string,
  context: PasswordContext = grace,
  policy: Partial<PasswordPolicy> = {},
): Promise<string[]> {
  const { finding } = await judgePassword(password, context, { ...usual, ...policy });
  return finding ? [finding.code] : [];
}

describe('A new password', () => {
  it('is accepted when it is long and unpredictable, whatever characters it is made of', async () => {
    for (const password of [
      'purple monkey and a wagon',
      'wp7Lz!q92mKe',
      'котик лежить на сонці',
      '🦔 fourteen hedgehogs 🦔',
    ]) {
      assert.deepEqual(await codesOf(password), [], password);
    }
  });

  it('is refused when shorter than ten characters or than the environment asks', async () => {
    assert.deepEqual(await codesOf('wp7Lz!q92'), ['password_too_short']);
    assert.deepEqual(await codesOf('purple monkey', grace, { passwordMinLength: 15 }), ['password_too_short']);
    assert.deepEqual(await codesOf('wp7Lz!q9', grace, { passwordMinLength: 8, passwordMinScore: 2 }), []);
    assert.deepEqual(await codesOf('🦔🦔🦔🦔🦔'), ['password_too_short'], 'an emoji is one character');
  });

  it('is refused beyond 256 characters or 1024 bytes', async () => {
    assert.deepEqual(await codesOf('purple monkey dishwasher '.repeat(11)), ['password_too_long']);
    assert.deepEqual(await codesOf('👩‍👩‍👧‍👦 '.repeat(42)), ['password_too_long']);
    // Normalising this would take minutes.
    assert.deepEqual(await codesOf(`a${'\u0316\u0301'.repeat(1_000_000)}`), ['password_too_long']);
  });

  it('is refused when it is on the list of leaked ones, look-alike digits and case included', async () => {
    for (const password of ['qwertyuiop', '1234567890', 'PasswordPassword', 'baseball12']) {
      const [code] = await codesOf(password);
      assert.match(code ?? '', /^password_(leaked|too_weak)$/, password);
    }
    assert.deepEqual(await codesOf('qwertyuiop'), ['password_leaked']);
  });

  it('may have leaked where the environment does not mind, and is still to be hard to guess', async () => {
    const lenient = { refuseLeakedPasswords: false };
    assert.deepEqual(await codesOf('qwertyuiop', grace, lenient), ['password_too_weak']);
    assert.deepEqual(await codesOf('anticonstitutionnellement'), ['password_leaked']);
    assert.deepEqual(await codesOf('anticonstitutionnellement', grace, lenient), []);
  });

  it('is as hard to guess as the environment asks', async () => {
    const [easy, middling] = ['Summer2025!', 'tulip9wagon'];
    for (const [password, score, codes] of [
      [easy, 3, ['password_too_weak']],
      [easy, 2, []],
      [middling, 2, []],
      [middling, 4, ['password_too_weak']],
      ['wp7Lz!q92mKe', 4, []],
    ] as const) {
      assert.deepEqual(await codesOf(password, grace, { passwordMinScore: score }), codes, `${password} at ${score}`);
    }
  });

  it('is refused when it follows a pattern', async () => {
    for (const password of ['Summer2025!', 'abababababababababab', 'iloveyou2024!', 'MyP@ssw0rd!!']) {
      assert.deepEqual(await codesOf(password), ['password_too_weak'], password);
    }
  });

  it('is refused when it is made of the name, the address or the product', async () => {
    for (const password of ['GraceHopper1906', 'grace.hopper@navy.example', 'hopper-grace-1', 'AuthKit-2026!']) {
      assert.deepEqual(await codesOf(password), ['password_contains_personal_information'], password);
    }
    assert.deepEqual(await codesOf('Northwind2026', { ...grace, productName: 'Northwind' }), [
      'password_contains_personal_information',
    ]);
    assert.deepEqual(await codesOf('grace counts purple monkeys nightly'), [], 'a name among other words is fine');
  });

  it('is rated in bounded time, however it is made', async () => {
    const odd = ['a4@'.repeat(80), 'aB3$kd9'.repeat(36), '1a-4/0/5 '.repeat(28)];
    const spent = await processorMs(() => Promise.all(odd.map((password) => codesOf(password))));
    assert.ok(spent < 10_000, `${spent} ms`);
  });

  it('is told from better ones while it is typed', async () => {
    const scoreOf = async (password: string) => (await judgePassword(password, grace, usual)).score;
    assert.deepEqual(
      [
        await scoreOf('short'),
        await scoreOf('qwertyuiop'),
        await scoreOf('Summer2025!'),
        await scoreOf('wp7Lz!q92mKe'),
      ],
      [0, 0, 2, 4],
    );
  });

  it('of one network waits behind its own, and of others does not', async () => {
    const rate = (source: string, n: number) => judgePassword(`tulip ${n} wagon`, { ...grace, source }, usual);
    const flood = await Promise.allSettled([
      ...Array.from({ length: 30 }, (_, n) => rate('203.0.113.7', n)),
      ...Array.from({ length: 3 }, (_, n) => rate('203.0.113.8', n)),
    ]);
    assert.equal(flood.slice(0, 30).filter(({ status }) => status === 'fulfilled').length, 16);
    assert.ok(flood.slice(30).every(({ status }) => status === 'fulfilled'));
    for (const outcome of flood)
      if (outcome.status === 'rejected') assert.ok(outcome.reason instanceof TooManyRequests);
  });

  it('says in words what to do', async () => {
    for (const password of ['short', 'qwertyuiop', 'Summer2025!', 'gracehopper']) {
      const { finding } = await judgePassword(password, grace, usual);
      assert.match(finding?.message ?? '', /(Use|Leave out|Make it) .+\.$/);
    }
  });
});
