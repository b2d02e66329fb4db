import assert from 'node:assert/strict';
import { it } from 'node:test';
import { languages as spoken } from '../../../packages/server/src/texts/index.ts';
import { languages } from '../src/core/languages.ts';

it('the dashboard offers the languages that the hosted pages speak, by the same names', () => {
  const expected = Object.entries(spoken).map(([tag, { name }]) => [tag, name]);
  assert.deepEqual(languages.toSorted().map(String), expected.toSorted().map(String));
});
