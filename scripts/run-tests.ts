/**
 * `npm test`: provides a PostgreSQL and a Chromium, runs every test, and ends with one plain line, "N passed, N failed".
 *
 *   npm test -- redirect                    files whose path contains the word (a path works as well)
 *   npm test -- --engine sqlite             one database engine (sqlite or postgresql)
 *   npm test -- --test-name-pattern=replay  any other option goes to node --test
 *
 * DATABASE_URL, when set, is the PostgreSQL to use: its role must be allowed to create databases. On Debian as root, a
 * missing PostgreSQL or Chromium is installed from Debian's packages, unless AUTHKIT_TEST_INSTALL=0.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { delimiter, join, relative, resolve } from 'node:path';
import { CHROMIUM_MISSING, findChromium } from '../packages/server/test/browser.ts';
import {
  dropIdlePostgres,
  findPostgres,
  POSTGRES_MISSING,
  type PostgresServer,
  startPostgres,
} from '../packages/server/test/postgres.ts';
import { walkedExamples } from './compatibility.ts';
import type { TestCounts } from './test-reporter.ts';

const root = resolve(import.meta.dirname, '..');
const ENGINES = ['sqlite', 'postgresql'];
/** Each file starts servers, hashes passwords and may drive a browser: more at once makes all of them slower. */
const FILES_AT_ONCE = 2;
/** For one test or one file. Far above the slowest; it ends what would otherwise hang a build. */
const TEST_TIMEOUT_MS = 15 * 60_000;

const say = (line: string) => process.stdout.write(`${line}\n`);

const { words, engines, options } = readArguments(process.argv.slice(2));
const files = testFiles(words);
if (files.length === 0)
  fail(`No test file matches ${words.join(' ')}. Paths look like packages/server/src/users/users.test.ts.`);

const postgres = engines.includes('postgresql') ? await providePostgres() : null;
const chromium = provideChromium();

const preparing = prepareExamples();
const { counts, exitCode } = await runNodeTest();
preparing?.kill();
if (postgres?.server) await postgres.server[Symbol.asyncDispose]();
else if (postgres) await dropIdlePostgres(postgres.url);

if (counts) {
  const { passed, failed, skipped } = counts;
  say(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
}
process.exit(exitCode);

/** What the words after `npm test --` mean. */
function readArguments(args: readonly string[]) {
  const words: string[] = [];
  const options: string[] = [];
  let engines = process.env.AUTHKIT_TEST_ENGINES || ENGINES.join(',');
  const rest = [...args];
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    if (argument === '--engine') engines = rest.shift() ?? '';
    else if (argument.startsWith('--engine=')) engines = argument.slice('--engine='.length);
    else (argument.startsWith('-') ? options : words).push(argument);
  }
  const unknown = engines.split(',').find((engine) => !ENGINES.includes(engine));
  if (unknown !== undefined) fail(`--engine is ${ENGINES.join(' or ')}, not "${unknown}".`);
  return { words, engines: engines.split(','), options };
}

/** All test files, relative to the root, or those that a word or a path names. */
function testFiles(words: readonly string[]): readonly string[] {
  const all = globSync('{packages,apps,scripts,examples}/**/*.test.ts', {
    cwd: root,
    exclude: (path) => /(^|[/\\])(node_modules|dist)$/.test(path),
  }).sort();
  if (words.length === 0) return all;
  return all.filter((file) => words.some((word) => file.includes(word) || file === relative(root, resolve(word))));
}

/** The server the tests use, and how to end it when it is ours; null, after one line, when there is none. */
async function providePostgres(): Promise<{ url: string; server?: PostgresServer } | null> {
  if (process.env.DATABASE_URL) return { url: process.env.DATABASE_URL };
  if (!findPostgres()) installFromDebian('postgresql');
  if (!findPostgres()) {
    say(POSTGRES_MISSING);
    return null;
  }
  const server = await startPostgres();
  return { url: server.url, server };
}

function provideChromium(): string | null {
  if (!findChromium()) installFromDebian('chromium');
  const chromium = findChromium();
  if (!chromium) say(CHROMIUM_MISSING);
  return chromium;
}

/** Where we may and can; whether it helped is for the caller to look. */
function installFromDebian(name: string): void {
  const aptGet = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'apt-get'))
    .find(existsSync);
  if (process.getuid?.() !== 0 || !aptGet || process.env.AUTHKIT_TEST_INSTALL === '0') return;
  say(`Installing Debian's package ${name} for the tests (AUTHKIT_TEST_INSTALL=0 turns this off).`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]) =>
    spawnSync(aptGet, args, { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
  const install = () => apt('install', '--yes', '--quiet', '--no-install-recommends', name);
  // A fresh image has no package lists yet; one that has them saves the round trip.
  if (!install() && apt('update', '--quiet')) install();
}

/** Installs what the tests of examples will need while others run. Nothing to do ahead of the first one. */
function prepareExamples(): ChildProcess | null {
  const walked = walkedExamples().filter((name) => files.includes(`examples/${name}/${name}.test.ts`));
  if (walked.length <= FILES_AT_ONCE) return null;
  const script = join(root, 'examples', 'suite', 'prepare.ts');
  return spawn(process.execPath, [script, ...walked], { cwd: root, stdio: 'ignore', env: process.env });
}

/** Runs the files and reports as they end. No counts when somebody stopped it: they would read like a result. */
async function runNodeTest(): Promise<{ counts: TestCounts | null; exitCode: number }> {
  const scratch = mkdtempSync(join(tmpdir(), 'authkit-tests-'));
  const countsFile = join(scratch, 'counts.json');
  const child = spawn(
    process.execPath,
    [
      '--test',
      `--test-concurrency=${FILES_AT_ONCE}`,
      `--test-timeout=${TEST_TIMEOUT_MS}`,
      `--test-reporter=${join(root, 'scripts', 'test-reporter.ts')}`,
      '--test-reporter-destination=stdout',
      ...options,
      ...files,
    ],
    { cwd: root, stdio: 'inherit', env: testEnvironment(countsFile) },
  );
  // Ctrl-C has reached the tests as well; what we started is put away when they have ended.
  let interrupted: NodeJS.Signals | null = null;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      interrupted ??= signal;
      child.kill(signal);
    });
  }
  const code = await new Promise<number | null>((done) => child.once('exit', done));
  const counts = readCounts(countsFile);
  rmSync(scratch, { recursive: true, force: true });
  if (interrupted) {
    say(`\nInterrupted (${interrupted}).`);
    return { counts: null, exitCode: 128 + constants.signals[interrupted] };
  }
  if (!counts) {
    say(`\nThe test runner stopped before its end (exit code ${code}).`);
    return { counts: { passed: 0, failed: 1, skipped: 0 }, exitCode: 1 };
  }
  return { counts, exitCode: code === 0 && counts.failed === 0 ? 0 : 1 };
}

function testEnvironment(countsFile: string): NodeJS.ProcessEnv {
  // `authkit dev` reads DATABASE_URL itself: left in place, the SQLite half would quietly run on PostgreSQL.
  const { DATABASE_URL: _, ...env } = process.env;
  return {
    ...env,
    AUTHKIT_TEST_COUNTS: countsFile,
    AUTHKIT_TEST_ENGINES: engines.filter((engine) => engine !== 'postgresql' || postgres).join(','),
    AUTHKIT_TEST_DATABASE_URL: postgres?.url ?? '',
    AUTHKIT_TEST_CHROMIUM: chromium ?? '',
    // Every file loads the same modules in a process of its own.
    NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compiled'),
  };
}

/** Null when the runner died before it wrote them. */
function readCounts(file: string): TestCounts | null {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as TestCounts) : null;
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
