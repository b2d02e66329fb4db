import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { format, inspect } from 'node:util';
import fc from 'fast-check';
import { createLogger } from './log.ts';
import { base62, newCode, newSecret, randomBase62, Secret, sameText, sha256 } from './secrets.ts';

describe('Secret', () => {
  it('prints as [secret] wherever text is made of it', () => {
    const value = 'sk_test_do_not_print_me';
    const secret = new Secret(value);
    const lines: string[] = [];
    createLogger({ level: 'info', destination: { write: (line: string) => void lines.push(line) } }).info({
      it: secret,
      list: [secret],
    });
    const printed = [
      `${secret}`,
      String(secret),
      secret.toString(),
      JSON.stringify({ secret, list: [secret] }),
      inspect(secret),
      inspect({ deep: { secret } }, { showHidden: true, depth: 9 }),
      format('%s %o %O %j', secret, secret, secret, secret),
      Object.values(secret).join(),
      JSON.stringify(Object.getOwnPropertyDescriptors(secret)),
      ...lines,
    ];
    for (const text of printed) assert.ok(!text.includes(value), text);
    assert.equal(inspect({ secret }), '{ secret: [secret] }');
    assert.equal(secret.reveal(), value);
  });

  it('is looked up by the hash of its whole value', () => {
    const expected = createHash('sha256').update('grüße').digest('base64url');
    assert.equal(new Secret('grüße').hash(), expected);
    assert.equal(sha256('grüße'), expected);
    assert.notEqual(sha256('a'), sha256('A'));
  });
});

describe('newSecret', () => {
  it('carries 256 bits in letters that survive a URL, a shell and a double click', () => {
    const secrets = Array.from({ length: 500 }, () => newSecret('sk_test_').reveal());
    for (const secret of secrets) assert.match(secret, /^sk_test_[0-9A-Za-z]{43}$/);
    assert.equal(new Set(secrets).size, secrets.length);
  });

  it('favours no letter', () => {
    const counts = new Map<string, number>();
    const drawn = 62 * 2000;
    for (const letter of randomBase62(drawn)) counts.set(letter, (counts.get(letter) ?? 0) + 1);
    assert.equal(counts.size, 62);
    const chiSquared = [...counts.values()].reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
    // 61 degrees of freedom: above 140 once in 10^8 runs. A plain modulo of a byte would give more than 2000.
    assert.ok(chiSquared < 140, `χ² = ${chiSquared}`);
  });

  it('has exactly the length asked for', () => {
    for (const length of [0, 1, 2, 43, 64, 255]) assert.equal(randomBase62(length).length, length);
  });
});

describe('base62', () => {
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

  it('spells the bytes with a one before them as one number, so leading zeros count and no two values are alike', () => {
    const numberOf = (text: string): bigint =>
      [...text].reduce((value, letter) => value * 62n + BigInt(digits.indexOf(letter)), 0n);
    const holds = (bytes: Uint8Array): void => {
      const text = base62(bytes);
      assert.equal(numberOf(text), BigInt(`0x01${Buffer.from(bytes).toString('hex')}`));
      assert.match(text, /^[1-9A-Za-z][0-9A-Za-z]*$/);
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), holds));
    for (const bytes of [[], [0], [0, 0, 0], [255], Array(32).fill(0), Array(32).fill(255)])
      holds(Uint8Array.from(bytes));
  });
});

describe('newCode', () => {
  it('has six digits, leading zeros kept, each as likely as the others in every place', () => {
    const codes = Array.from({ length: 20_000 }, () => newCode().reveal());
    const counts = Array.from({ length: 6 }, () => Array<number>(10).fill(0));
    for (const code of codes) {
      assert.match(code, /^\d{6}$/);
      [...code].forEach((digit, index) => {
        const place = counts[index] ?? [];
        place[Number(digit)] = (place[Number(digit)] ?? 0) + 1;
      });
    }
    // Expected 2000 each with a deviation of 42: eight of those away is a fault, not chance.
    for (const place of counts) for (const count of place) assert.ok(Math.abs(count - 2000) < 340, `${place}`);
  });
});

describe('sameText', () => {
  it('compares whole values, also of different lengths and scripts', () => {
    assert.ok(sameText('', ''));
    assert.ok(sameText('ü€', 'ü€'));
    for (const [a, b] of [
      ['a', 'b'],
      ['a', 'aa'],
      ['', 'a'],
      ['é', 'e'],
      ['Ab', 'ab'],
    ] as const)
      assert.ok(!sameText(a, b));
  });
});
