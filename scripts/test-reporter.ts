/**
 * How `npm test` reads: a heading per file, a line per suite, and each failure in full under its names. What a test file
 * printed is shown only when something in it failed. The counts go to the file named by AUTHKIT_TEST_COUNTS.
 */
import { writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { TestEvent } from 'node:test/reporters';
import { inspect } from 'node:util';

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

type Ended = Extract<TestEvent, { type: 'test:pass' | 'test:fail' }>['data'];
/** What node:test wraps around the error that a test threw. */
type Wrapped = { readonly failureType?: string; readonly exitCode?: number; readonly cause?: unknown } | undefined;

interface FileSoFar {
  printed: string;
  failed: number;
}

export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  const files = new Map<string, FileSoFar>();
  const fileOf = (name: string) => {
    const key = relative(process.cwd(), resolve(name));
    const file = files.get(key) ?? { printed: '', failed: 0 };
    files.set(key, file);
    return { key, file };
  };
  /** Names of what surrounds the test that is running now, by nesting. */
  let path: string[] = [];
  let heading = '';
  let inSuite = { passed: 0, failed: 0, skipped: 0 };

  for await (const { type, data } of events) {
    if (type === 'test:stdout' || type === 'test:stderr') {
      fileOf(data.file).file.printed += data.message;
    } else if (type === 'test:diagnostic' && data.file !== undefined) {
      // What went wrong when all tests of the file had ended makes it fail, and is told here alone.
      fileOf(data.file).file.printed += `${data.message}\n`;
    } else if (type === 'test:start') {
      path = [...path.slice(0, data.nesting), data.name];
    } else if (type === 'test:pass' || type === 'test:fail') {
      // A suite that a shared helper defines is reported as the helper's; what matters is whose tests they are.
      const { key, file } = fileOf((data as { entryFile?: string }).entryFile ?? data.file ?? data.name);
      if (key !== heading) {
        yield* output(files.get(heading));
        yield `\n${key}\n`;
        heading = key;
      }
      const verdict = verdictOn(type, data);
      if (verdict) {
        totals[verdict] += 1;
        inSuite[verdict] += 1;
      }
      if (verdict === 'failed') {
        file.failed += 1;
        yield failure([...path.slice(0, data.nesting), data.name], data);
      }
      if (data.nesting === 0) {
        yield suiteLine(data, inSuite);
        inSuite = { passed: 0, failed: 0, skipped: 0 };
      }
    }
  }
  yield* output(files.get(heading));
  if (process.env.AUTHKIT_TEST_COUNTS) writeFileSync(process.env.AUTHKIT_TEST_COUNTS, JSON.stringify(totals));
}

/** How an ended test counts. Null for what only surrounds tests: a suite, or a test that failed through its subtests. */
function verdictOn(type: 'test:pass' | 'test:fail', data: Ended): keyof TestCounts | null {
  if (type === 'test:fail') return wrapped(data.details)?.failureType === 'subtestsFailed' ? null : 'failed';
  if (data.details.type === 'suite') return null;
  return data.skip !== undefined || data.todo !== undefined ? 'skipped' : 'passed';
}

function wrapped(details: object): Wrapped {
  return 'error' in details ? (details.error as Wrapped) : undefined;
}

function suiteLine(data: Ended, counts: TestCounts): string {
  const isSuite = data.details.type === 'suite';
  const mark = counts.failed > 0 ? 'FAIL' : !isSuite && counts.skipped > 0 ? 'skip' : 'ok';
  const several = isSuite ? `${describeCounts(counts)}, ` : '';
  return `  ${mark.padEnd(4)} ${data.name} (${several}${Math.round(data.details.duration_ms)} ms)\n`;
}

function describeCounts({ passed, failed, skipped }: TestCounts): string {
  const words = [`${passed} passed`];
  if (failed > 0) words.push(`${failed} failed`);
  if (skipped > 0) words.push(`${skipped} skipped`);
  return words.join(', ');
}

function failure(names: readonly string[], data: Ended): string {
  const error = wrapped(data.details);
  const place = data.file ? ` (${relative(process.cwd(), data.file)}:${data.line}:${data.column})` : '';
  const reason =
    error?.exitCode === undefined ? explain(error?.cause ?? error) : `ended with exit code ${error.exitCode}`;
  return `  FAIL ${names.join(' > ')}${place}\n${indent(reason, 7)}`;
}

function explain(error: unknown): string {
  if (typeof error === 'string') return error;
  // Its stack holds the message with the difference; its properties would only say the same again. It comes from
  // another process, as an object that is no instance of anything here.
  const { code, stack } = (error ?? {}) as { code?: unknown; stack?: string };
  const text = code === 'ERR_ASSERTION' && stack ? stack : inspect(error, { depth: 8 });
  return text.replaceAll(/^ +at .*\bnode:internal\/.*$\n?/gm, '');
}

function* output(file: FileSoFar | undefined): Generator<string> {
  if (file && file.failed > 0 && file.printed) yield indent(`What this file printed:\n${file.printed}`, 4);
}

function indent(text: string, columns: number): string {
  return `${text.trimEnd().replaceAll(/^(?=.)/gm, ' '.repeat(columns))}\n`;
}
