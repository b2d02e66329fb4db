/**
 * `npm run check`: format and lint, types, import direction, generated files, tests. All of them run, so that one look
 * shows everything, and each that fails says what to type next. Words after `npm run check --` choose tests as in run-tests.ts.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

interface Check {
  readonly name: string;
  /** A file for this very Node, then its arguments. */
  readonly run: readonly string[];
  readonly next: string;
}

const inModules = (...path: string[]) => join(root, 'node_modules', ...path);
const tsc = inModules('typescript', 'bin', 'tsc');

const checks: readonly Check[] = [
  {
    name: 'format and lint',
    run: [inModules('@biomejs', 'biome', 'bin', 'biome'), 'check', '--error-on-warnings', '.'],
    next: 'npm run format   (then mend by hand what it could not)',
  },
  { name: 'types', run: [tsc, '--noEmit'], next: 'mend the lines above, then: npm run types' },
  {
    name: 'types of the dashboard',
    run: [tsc, '--noEmit', '-p', 'apps/dashboard'],
    next: 'mend the lines above, then: npm run types',
  },
  { name: 'import direction', run: ['scripts/imports.ts'], next: 'mend the lines above, then: npm test -- imports' },
  { name: 'generated files', run: ['scripts/gen.ts', '--check'], next: 'npm run gen   (and commit what changed)' },
  {
    name: 'tests',
    run: ['scripts/run-tests.ts', ...process.argv.slice(2)],
    next: 'npm test -- <a word of the failing file>',
  },
];

let running: ChildProcess | undefined;
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    interrupted = true;
    running?.kill(signal);
  });
}

const failed: Check[] = [];
for (const check of checks) {
  process.stdout.write(`\n== ${check.name}\n`);
  if (await passes(check)) continue;
  if (interrupted) process.exit(130);
  failed.push(check);
  process.stdout.write(`== ${check.name} failed. Next: ${check.next}\n`);
}

process.stdout.write('\n');
for (const { name, next } of failed) process.stdout.write(`failed: ${name}. Next: ${next}\n`);
if (failed.length === 0) process.stdout.write('Every check passed.\n');
process.exit(failed.length === 0 ? 0 : 1);

async function passes({ run }: Check): Promise<boolean> {
  running = spawn(process.execPath, run, { cwd: root, stdio: 'inherit' });
  return new Promise((done) => running?.once('exit', (code) => done(code === 0)));
}
