/** The compatibility page is what the recorded results say, and the results are of the versions that are installed. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { walks } from '../examples/suite/walks/index.ts';
import {
  compatibilityPage,
  lockedIn,
  pageFile,
  provedByFlows,
  readResults,
  resultsFile,
  sorted,
  walkedExamples,
} from './compatibility.ts';

const root = resolve(import.meta.dirname, '..');
const results = readResults();
const walked = walkedExamples();
const testOf = (example: string): string => readFileSync(join(root, `examples/${example}/${example}.test.ts`), 'utf8');

describe(pageFile, () => {
  it(`is what ${resultsFile} makes`, () => {
    assert.deepEqual(results, sorted(results));
    assert.equal(readFileSync(join(root, pageFile), 'utf8'), compatibilityPage(results), 'npm run gen');
  });

  const shown = [...new Set(results.map(({ example }) => example))];

  it('shows every example that the suite walks through, and no other', () => {
    assert.deepEqual(shown.toSorted(), walked, 'npm run examples -- NAME');
  });

  for (const example of shown) {
    const rows = results.filter((row) => row.example === example);

    it(`says of ${example} which version its lockfile holds, and which came before`, () => {
      const [newest, previous] = rows;
      const test = testOf(example);
      assert.equal(rows.length, test.includes('previous: null') ? 1 : 2, `npm run examples -- ${example}`);
      assert.equal(newest?.version, lockedIn(`examples/${example}/package-lock.json`, newest?.package ?? '').version);
      const said = previous ? `previous: '${previous.version}'` : 'previous: null';
      assert.ok(test.includes(said), `npm run examples -- ${example}`);
    });

    it(`leaves no walk of ${example} without a word`, () => {
      for (const { proved, without } of rows) {
        const spoken = [...proved, ...Object.keys(without)].sort();
        assert.deepEqual(spoken, walks.map(({ id }) => id).sort(), `npm run examples -- ${example}`);
        for (const reason of Object.values(without)) assert.match(reason, /\w \w/, 'a reason says more than a word');
      }
    });
  }

  it('names tests that use the SDK they are named for', () => {
    for (const { folder, test } of provedByFlows) {
      assert.ok(existsSync(join(root, test)), test);
      if (folder.includes('node')) assert.ok(readFileSync(join(root, test), 'utf8').includes(`'${folder}'`), folder);
      assert.notEqual(lockedIn('package-lock.json', folder).version, 'none');
    }
  });
});
