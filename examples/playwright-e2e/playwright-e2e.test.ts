/** The example as its reader meets it: npm, Playwright, Vitest and Jest from the registry, and the commands of its README. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { findChromium, outerEnvironment } from '@authkit/testing';

const EXAMPLE = import.meta.dirname;
const TIMEOUT_MS = 300_000; // A first `npm ci` downloads.

describe('playwright-e2e', { timeout: TIMEOUT_MS }, () => {
  before(async () => {
    const installed = join(EXAMPLE, 'node_modules', '.package-lock.json');
    const isFresh =
      existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(EXAMPLE, 'package-lock.json')).mtimeMs;
    if (!isFresh) await type('npm ci');
  });

  it('tests its app in two workers at once', async () => {
    const output = await type('npx playwright test --reporter=list');
    const specs = ['e2e/session.spec.ts', 'e2e/sign-in.spec.ts'].map((file) =>
      readFileSync(join(EXAMPLE, file), 'utf8'),
    );
    const count = specs.join('').match(/^test\(/gm)?.length;
    assert.match(output, new RegExp(`Running ${count} tests using 2 workers`));
    assert.match(output, new RegExp(`\\n\\s*${count} passed`));
  });

  it('asks the platform from Vitest', async () => {
    assert.match(await type('npm run test:api'), /Tests\s+2 passed/);
  });

  it('asks the platform from Jest', async () => {
    assert.match(await type('npm run test:jest'), /Tests:\s+1 passed/);
  });
});

/** In a shell as it is outside of npm. @returns everything it wrote */
async function type(line: string, expected = 0): Promise<string> {
  const env = { ...outerEnvironment(), AUTHKIT_TEST_CHROMIUM: findChromium() ?? '', NO_COLOR: '1' };
  const child = spawn('/bin/sh', ['-c', line], { cwd: EXAMPLE, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const code = await new Promise((ended) => child.once('close', ended));
  assert.equal(code, expected, output);
  return output;
}
