/**
 * `npm run examples`: walks through every example, with the SDK of its lockfile and with the line before, and writes what
 * that proved to docs/compatibility.json and from there to docs/compatibility.md. `npm test` walks through the first only.
 *
 *   npm run examples -- next remix     only these; what was proved of the others stays
 *
 * The rows of an example that fails stay as they were, and scripts/compatibility.test.ts says whether they still hold.
 * Without names, the packages that the guides have people install are installed as well.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
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

/** Like `npm test`: each drives a browser, and more at once makes all of them slower. */
const ROWS_AT_ONCE = 2;

const folder = mkdtempSync(join(tmpdir(), 'authkit-examples-'));
const failed = new Set<string>();
const wanted = words.length > 0 ? words : all;
const due = ['previous', 'newest'].flatMap((sdk) => wanted.map((name) => ({ name, sdk })));
await Promise.all(Array.from({ length: ROWS_AT_ONCE }, takeRows));
const installed =
  words.length > 0 ||
  (await isPassed('scripts/docs-installs.test.ts', 'the packages of the guides', { AUTHKIT_EXAMPLES_SDK: 'newest' }));
const fresh = readdirSync(folder)
  .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Result)
  .filter(({ example }) => !failed.has(example));
rmSync(folder, { recursive: true });

// An example that is gone takes its rows along.
const isProved = (example: string) => wanted.includes(example) && !failed.has(example);
const kept = readResults().filter(({ example }) => all.includes(example) && !isProved(example));
const results = sorted([...kept, ...fresh]);
writeFileSync(join(root, resultsFile), `${JSON.stringify(results, null, 2)}\n`);
writeFileSync(join(root, pageFile), compatibilityPage(results));
console.log(`\n${fresh.length} rows of ${pageFile} were proved.`);
if (failed.size > 0) console.error(`These failed, and their rows are as they were: ${[...failed].join(', ')}.`);
process.exit(failed.size === 0 && installed ? 0 : 1);

async function takeRows(): Promise<void> {
  for (let row = due.shift(); row; row = due.shift()) await run(row);
}

async function run({ name, sdk }: { readonly name: string; readonly sdk: string }): Promise<void> {
  const env = { AUTHKIT_EXAMPLES_RESULTS: folder, AUTHKIT_EXAMPLES_SDK: sdk };
  if (!(await isPassed(`examples/${name}/${name}.test.ts`, `${name}, ${sdk} SDK`, env))) failed.add(name);
}

/** Runs a test file, and shows what it said once it has ended. */
async function isPassed(file: string, title: string, env: Readonly<Record<string, string>>): Promise<boolean> {
  const reporter = join(root, 'scripts', 'test-reporter.ts');
  const options = ['--test', `--test-reporter=${reporter}`, '--test-reporter-destination=stdout'];
  const child = spawn(process.execPath, [...options, file], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  console.log(`\n== ${title}\n${said}`);
  return code === 0;
}
