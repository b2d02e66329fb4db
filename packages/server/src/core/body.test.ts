import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { maxBodyDepth, parseForm, parseJsonBody } from './body.ts';
import { MalformedBody } from './errors.ts';

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

describe('parseJsonBody', () => {
  it('reads what JSON can say', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 10 }), (text) => {
        assert.deepEqual(parseJsonBody(text), JSON.parse(text));
      }),
    );
  });

  it('takes an empty body for none: SDKs send the content type all the same', () => {
    for (const text of ['', ' ', '\r\n']) assert.equal(parseJsonBody(text), undefined);
  });

  it('counts depth by brackets, not by brackets in strings', () => {
    assert.doesNotThrow(() => parseJsonBody(nested(maxBodyDepth)));
    assert.throws(() => parseJsonBody(nested(maxBodyDepth + 1)), MalformedBody);
    assert.throws(() => parseJsonBody(`${'{"a":'.repeat(33)}1${'}'.repeat(33)}`), MalformedBody);
    assert.equal(parseJsonBody(JSON.stringify('['.repeat(100))), '['.repeat(100));
    assert.equal(parseJsonBody(JSON.stringify(`\\"${'{'.repeat(100)}`)), `\\"${'{'.repeat(100)}`);
    assert.doesNotThrow(() => parseJsonBody(`[${'[],'.repeat(1000)}[]]`));
  });

  it('refuses depth before it builds anything, also in what is no JSON', () => {
    assert.throws(() => parseJsonBody('['.repeat(1_000_000)), /deeper than 32/);
  });

  it('keeps __proto__ and constructor as plain data', () => {
    const body = parseJsonBody('{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}') as object;
    assert.deepEqual(Object.keys(body), ['__proto__', 'constructor']);
    assert.equal(Object.getPrototypeOf(body), Object.prototype);
    assert.equal(({} as { admin?: boolean }).admin, undefined);
  });

  it('refuses what is not JSON without quoting it', () => {
    for (const text of ['{', 'secret', '{"a":1,}', "{'a':1}", '\ufeff{}', '{"a":1}{', 'NaN'])
      assert.throws(() => parseJsonBody(text), { name: 'MalformedBody', message: 'The body is not valid JSON.' });
  });
});

describe('parseForm', () => {
  it('keeps one value as text and several as a list, which no single-valued field accepts', () => {
    assert.deepEqual({ ...parseForm('a=1&b=2&a=3&a=4&c=') }, { a: ['1', '3', '4'], b: '2', c: '' });
  });

  it('decodes as browsers encode', () => {
    assert.deepEqual(
      { ...parseForm('name=Gr%C3%BC%C3%9Fe+an+%26&%F0%9F%98%80=1&flag') },
      { name: 'Grüße an &', '😀': '1', flag: '' },
    );
  });

  it('has no prototype to reach', () => {
    const fields = parseForm('__proto__=x&constructor=y&toString=z');
    assert.equal(Object.getPrototypeOf(fields), null);
    assert.deepEqual(Object.keys(fields), ['__proto__', 'constructor', 'toString']);
  });
});
