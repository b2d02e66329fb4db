/** The compatibility page is what the recorded results say, and the results are of the versions that are installed. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fingerprintOf } from '../examples/suite/fingerprint.ts';
import { walks } from '../examples/suite/walks/index.ts';
import {
  compatibilityPage,
  lockedIn,
  pageFile,
  provedByFlows,
  readResults,
  resultsFile,
  sorted,
  staleIn,
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
      if (!previous) assert.match(newest?.note ?? '', /\w \w/, 'the page says why there is no line before');
    });

    it(`says of ${example} what holds of its files as they are`, () => {
      const stale = rows.filter((row) => staleIn(row).includes('example'));
      assert.deepEqual(
        stale.map(({ version }) => version),
        [],
        `${example} has changed: npm run examples -- ${example}`,
      );
    });

    it(`leaves no walk of ${example} without a word`, () => {
      for (const { proved, refuted, without } of rows) {
        const spoken = [...proved, ...Object.keys(refuted), ...Object.keys(without)].sort();
        assert.deepEqual(spoken, walks.map(({ id }) => id).sort(), `npm run examples -- ${example}`);
        for (const reason of Object.values({ ...without, ...refuted }))
          assert.match(reason, /\w \w/, 'a reason says more than a word');
      }
    });
  }

  // The suite is changed for one example at a time; to prove all rows again for each change would take an hour.
  it('names the rows that an older suite has proved', (context: TestContext) => {
    const older = results.filter((row) => staleIn(row).includes('suite'));
    for (const { example, version } of older)
      context.diagnostic(`${example} ${version}: npm run examples -- ${example}`);
    const suites = results.map(({ fingerprints }) => fingerprints.suite);
    for (const suite of suites) assert.match(suite, /^[\da-f]{12}$/);
  });

  it('samples in `npm test` only what another example walks through whole', () => {
    const sdkOf = (name: string) => {
      const row = results.find(({ example }) => example === name);
      return [row?.package, row?.version];
    };
    for (const name of walked.filter((example) => testOf(example).includes('sampled:'))) {
      const [, whole = 'none'] = /sampled: '`examples\/([\w-]+)`/.exec(testOf(name)) ?? [];
      assert.ok(walked.includes(whole) && !testOf(whole).includes('sampled:'), name);
      assert.deepEqual(sdkOf(name), sdkOf(whole), name);
    }
  });

  it('knows a row as stale when a file of its example changes, and only then', () => {
    const [row] = results;
    assert.ok(row);
    const fresh = { ...row, fingerprints: { example: fingerprintOf(row.example), suite: fingerprintOf('suite') } };
    assert.deepEqual(staleIn(fresh), []);
    assert.deepEqual(staleIn({ ...fresh, fingerprints: { ...fresh.fingerprints, example: '0'.repeat(12) } }), [
      'example',
    ]);
    assert.deepEqual(staleIn({ ...fresh, fingerprints: { ...fresh.fingerprints, suite: '0'.repeat(12) } }), ['suite']);
    assert.notEqual(fingerprintOf('remix'), fingerprintOf('react-router'));
  });

  it('names tests that use the SDK they are named for', () => {
    for (const { folder, test } of provedByFlows) {
      assert.ok(existsSync(join(root, test)), test);
      if (folder.includes('node')) assert.ok(readFileSync(join(root, test), 'utf8').includes(`'${folder}'`), folder);
      assert.notEqual(lockedIn('package-lock.json', folder).version, 'none');
    }
  });
});
