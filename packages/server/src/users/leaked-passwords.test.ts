import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { processorMs } from '../../test/time.ts';
import { randomBase62 } from '../core/index.ts';
import { leakedPasswords, packLeaked, readLeaked } from './leaked-passwords.ts';

describe('The built-in list of leaked passwords', () => {
  it('knows more than half a million of them', () => {
    assert.ok(leakedPasswords().size > 500_000, String(leakedPasswords().size));
  });

  it('has those that every leak has, and rarer ones', () => {
    for (const password of [
      'password',
      '1234567890',
      'qwertyuiop',
      'iloveyou',
      'sunshine',
      'football1',
      'trustno1',
      'liverpool1',
      'anticonstitutionnellement',
      'hasta la victoria siempre',
      '1qaz2wsx3edc',
      'superman123',
      'charlie123',
      'purple monkey dishwasher',
    ]) {
      assert.equal(leakedPasswords().has(password), true, password);
    }
  });

  it('has them in other case and with look-alike characters too', () => {
    for (const password of ['P@ssW0rd', 'PA55WORD', 'qw3rtyu10p', 'Il0v3y0u', '5un5h1n3', 'Tru$tN01', 'L!v3rp00l1']) {
      assert.equal(leakedPasswords().has(password), true, password);
    }
  });

  it('lets strong ones pass', () => {
    for (const password of [
      'purple monkey dishwasher on a train',
      'wp7Lz!q92mKe',
      'tulip9wagon',
      'котик лежить на сонці',
      'a perfectly fine passphrase',
    ]) {
      assert.equal(leakedPasswords().has(password), false, password);
    }
  });

  it('takes at most a few of a million others for one of them', () => {
    const tries = 300_000;
    const wrong = Array.from({ length: tries }, () => randomBase62(14)).filter((each) => leakedPasswords().has(each));
    // 40 bits and some 600,000 entries make 0.16 of so many; six or more happen once in a hundred million runs.
    assert.ok(wrong.length < 6, `${wrong.length} of ${tries}`);
  });

  it('answers in microseconds', async () => {
    leakedPasswords();
    const spent = await processorMs(() => {
      for (let n = 0; n < 10_000; n++) leakedPasswords().has(`${n} purple monkeys`);
    });
    assert.ok(spent < 2000, `${spent} ms for ten thousand`);
  });
});

describe('A packed list', () => {
  it('has what was put in, each once, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1, unit: 'grapheme' }), { maxLength: 40 }), (passwords) => {
        const list = readLeaked(packLeaked([...passwords, ...passwords]));
        assert.ok(passwords.every((password) => list.has(password)));
        assert.ok(list.size <= passwords.length);
        assert.equal(readLeaked(packLeaked([])).has('anything'), false);
      }),
      { numRuns: 20 },
    );
  });

  it('that is cut off is refused', () => {
    const packed = packLeaked(['one', 'two']);
    assert.throws(() => readLeaked(packed.subarray(0, -1)), /damaged/);
  });
});
