import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fullNameOf, partsOfName } from './full-name.ts';

describe('a name in one field', () => {
  const names: readonly [typed: string, firstName: string, lastName: string][] = [
    ['山田 太郎', '太郎', '山田'],
    ['山田　太郎', '太郎', '山田'],
    ['さくら ももこ', 'ももこ', 'さくら'],
    ['김 철수', '철수', '김'],
    ['田中太郎', '田中太郎', ''],
    ['王小明', '王小明', ''],
    ['Grace Brewster Hopper', 'Grace Brewster', 'Hopper'],
    ['Grace', 'Grace', ''],
    ['', '', ''],
  ];

  it('is taken apart at its spaces, in the order of its script', () => {
    for (const [typed, firstName, lastName] of names)
      assert.deepEqual(partsOfName(` ${typed} `), { firstName, lastName, name: typed }, typed);
  });

  it('is put together again from its parts in the same order', () => {
    for (const [typed] of names)
      assert.equal(fullNameOf({ ...partsOfName(typed), name: null }), typed.replace('　', ' '), typed);
    assert.equal(fullNameOf({ name: 'As it was given', firstName: 'a', lastName: 'b' }), 'As it was given');
    assert.equal(fullNameOf({ name: null, firstName: null, lastName: null }), '');
  });
});
