/**
 * How `npm test` reads: a heading per file, a line per suite, and each failure in full under its names. What a test file
 * printed is shown only when something in it failed. The counts go to the file named by AUTHKIT_TEST_COUNTS.
 */
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { TestEvent } from 'node:test/reporters';
import { inspect } from 'node:util';

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

type Ended = Extract<TestEvent, { type: 'test:pass' | 'test:fail' }>['data'];

export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  const printed = new Map<string, string>();
  /** Names of what surrounds the test that is running now, by nesting. */
  let path: string[] = [];
  let heading = '';
  let inSuite = { passed: 0, failed: 0, skipped: 0 };

  for await (const { type, data } of events) {
    if (type === 'test:stdout' || type === 'test:stderr') {
      printed.set(data.file, (printed.get(data.file) ?? '') + data.message);
    } else if (type === 'test:start') {
      path = [...path.slice(0, data.nesting), data.name];
    } else if (type === 'test:pass' || type === 'test:fail') {
      const file = data.file ? relative(process.cwd(), data.file) : data.name;
      if (file !== heading) {
        heading = file;
        yield `\n${file}\n`;
      }
      const verdict = verdictOn(type, data);
      if (verdict) {
        totals[verdict] += 1;
        inSuite[verdict] += 1;
      }
      if (verdict === 'failed') yield failure([...path.slice(0, data.nesting), data.name], data);
      if (data.nesting === 0) {
        yield suiteLine(data, inSuite);
        if (inSuite.failed > 0 && data.file && printed.has(data.file)) {
          yield indent(`What the file printed:\n${printed.get(data.file)}`, 4);
          printed.delete(data.file);
        }
        inSuite = { passed: 0, failed: 0, skipped: 0 };
      }
    }
  }
  if (process.env.AUTHKIT_TEST_COUNTS) writeFileSync(process.env.AUTHKIT_TEST_COUNTS, JSON.stringify(totals));
}

/** How an ended test counts. Null for what only surrounds tests: a suite, or a test that failed through its subtests. */
function verdictOn(type: 'test:pass' | 'test:fail', data: Ended): keyof TestCounts | null {
  if (type === 'test:fail') return failureType(data) === 'subtestsFailed' ? null : 'failed';
  if (data.details.type === 'suite') return null;
  return data.skip !== undefined || data.todo !== undefined ? 'skipped' : 'passed';
}

function failureType(data: Ended): unknown {
  return 'error' in data.details ? (data.details.error as { failureType?: unknown }).failureType : undefined;
}

function suiteLine(data: Ended, counts: TestCounts): string {
  const mark = counts.failed > 0 ? 'FAIL' : 'ok';
  const several = data.details.type === 'suite' ? `${describeCounts(counts)}, ` : '';
  const skipped = data.details.type !== 'suite' && counts.skipped > 0 ? 'skipped, ' : '';
  return `  ${mark.padEnd(4)} ${data.name} (${several}${skipped}${Math.round(data.details.duration_ms)} ms)\n`;
}

function describeCounts({ passed, failed, skipped }: TestCounts): string {
  const words = [`${passed} passed`];
  if (failed > 0) words.push(`${failed} failed`);
  if (skipped > 0) words.push(`${skipped} skipped`);
  return words.join(', ');
}

function failure(names: readonly string[], data: Ended): string {
  const error = 'error' in data.details ? data.details.error : undefined;
  // What node:test wraps around the error says only that a test failed; the cause says why.
  const cause = (error as { cause?: unknown } | undefined)?.cause ?? error;
  const place = data.file ? ` (${relative(process.cwd(), data.file)}:${data.line}:${data.column})` : '';
  return `  FAIL ${names.join(' > ')}${place}\n${indent(typeof cause === 'string' ? cause : inspect(cause, { depth: 8 }), 7)}`;
}

function indent(text: string, columns: number): string {
  return `${text.trimEnd().replaceAll(/^(?=.)/gm, ' '.repeat(columns))}\n`;
}
