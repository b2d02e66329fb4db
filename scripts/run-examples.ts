/**
 * `npm run examples`: walks through every example, with the SDK of its lockfile and with the line before, and writes what
 * that proved to docs/compatibility.json and from there to docs/compatibility.md. `npm test` walks through the first only.
 *
 *   npm run examples -- next remix     only these; what was proved of the others stays
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Result } from '../examples/suite/results.ts';
import { compatibilityPage, pageFile, readResults, resultsFile, sorted, walkedExamples } from './compatibility.ts';

const root = resolve(import.meta.dirname, '..');
const all = walkedExamples();
const words = process.argv.slice(2);
const unknown = words.find((word) => !all.includes(word));
if (unknown !== undefined) {
  console.error(`There is no example '${unknown}'. There are ${all.join(', ')}.`);
  process.exit(64);
}

const folder = mkdtempSync(join(tmpdir(), 'authkit-examples-'));
const failed: string[] = [];
const wanted = words.length > 0 ? words : all;
for (const name of wanted) for (const sdk of ['newest', 'previous']) run(name, sdk);
const fresh = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Result);
rmSync(folder, { recursive: true });

if (failed.length > 0) {
  console.error(`\nNothing was written, because these failed: ${failed.join(', ')}.`);
  process.exit(1);
}
// An example that is gone takes its rows along.
const kept = readResults().filter(({ example }) => all.includes(example) && !wanted.includes(example));
const results = sorted([...kept, ...fresh]);
writeFileSync(join(root, resultsFile), `${JSON.stringify(results, null, 2)}\n`);
writeFileSync(join(root, pageFile), compatibilityPage(results));
console.log(`\n${fresh.length} rows of ${pageFile} were proved.`);

function run(name: string, sdk: string): void {
  console.log(`\n== ${name}, ${sdk} SDK`);
  const reporter = join(root, 'scripts', 'test-reporter.ts');
  const options = ['--test', `--test-reporter=${reporter}`, '--test-reporter-destination=stdout'];
  const { status } = spawnSync(process.execPath, [...options, `examples/${name}/${name}.test.ts`], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, AUTHKIT_EXAMPLES_RESULTS: folder, AUTHKIT_EXAMPLES_SDK: sdk },
  });
  if (status !== 0) failed.push(`${name} (${sdk})`);
}
