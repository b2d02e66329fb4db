import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parts } from '../bench/parts/index.ts';

const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'performance.md'), 'utf8');
const names = parts.map(({ name }) => name);

/** What stands after the words that call the benchmarks, options aside. */
function* namesInCommands(): Generator<string> {
  for (const [, words = ''] of page.matchAll(/npm run (?:--silent )?bench -- ([^\n`#]+)/g))
    yield* words.split(/\s+/).filter((word) => word !== '' && !word.startsWith('-'));
}

describe('docs/performance.md', () => {
  it('has a section for each benchmark, and for nothing else', () => {
    const sections = [...page.matchAll(/^### `([a-z-]+)`$/gm)].map(([, name]) => name);
    assert.deepEqual(sections, names);
  });

  it('calls only benchmarks that exist', () => {
    const called = [...namesInCommands()];
    assert.ok(called.length > 0);
    assert.deepEqual(
      called.filter((name) => !names.includes(name)),
      [],
    );
  });
});
