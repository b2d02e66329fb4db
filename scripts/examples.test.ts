/** What makes an example one that can be read in a sitting and copied: its size, and the files beside its code. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { walkedExamples } from './compatibility.ts';
import { filesHere, root } from './newcomer.ts';

/** Lines of code: not blank, not a comment, no test, and not the file that reads or declares the configuration. */
const MAX_CODE = 300;
const MAX_README = 30;

const files = filesHere();
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const linesOf = (file: string): readonly string[] => read(file).trimEnd().split('\n');
const isCode = (file: string): boolean =>
  /\.(js|jsx|mjs|ts|tsx|svelte)$/.test(file) && !/\.test\.|config\.[a-z]+$|\.d\.ts$|\.gen\./.test(file);
const says = (line: string): boolean => !/^\s*($|\/\/|\/\*|\*|\{\/\*|<!--)/.test(line);

describe('the examples', () => {
  for (const name of walkedExamples()) {
    const own = files.filter((file) => file.startsWith(`examples/${name}/`));

    it(`${name} is small`, () => {
      const lines = own.filter(isCode).flatMap(linesOf).filter(says);
      assert.ok(lines.length > 0 && lines.length <= MAX_CODE, `${lines.length} lines of code, not ${MAX_CODE}`);
      assert.ok(linesOf(`examples/${name}/README.md`).length <= MAX_README);
    });

    it(`${name} brings what its reader needs, from whichever registry they use`, () => {
      for (const file of ['.env.example', 'package.json', 'package-lock.json'])
        assert.ok(own.includes(`examples/${name}/${file}`), file);
      assert.doesNotMatch(read(`examples/${name}/package-lock.json`), /"resolved": "http/);
    });
  }
});
