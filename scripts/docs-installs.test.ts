/**
 * What the guides have people install, typed in an empty project of its own for each guide: npm finds the packages, in
 * versions that go together. `npm run examples` unpacks them as well, which for whole frameworks takes minutes and half a
 * gigabyte; `npm test` lets npm stop at the lockfile.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { outerEnvironment } from '../packages/server/test/processes.ts';
import { installLinesOf, pagesHere } from './markdown.ts';

/** Set by `npm run examples`. */
const IS_WHOLE = process.env.AUTHKIT_EXAMPLES_SDK !== undefined;
/** Mostly they wait for npm's registry or its cache. */
const PROJECTS_AT_ONCE = 3;

/** In a shell, in a folder. @throws {AssertionError} with what it wrote, when it fails */
async function type(line: string, cwd: string): Promise<void> {
  const env = {
    ...outerEnvironment(),
    npm_config_prefer_offline: 'true',
    ...(!IS_WHOLE && { npm_config_package_lock_only: 'true' }),
  };
  const child = spawn('/bin/sh', ['-c', line], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = new Promise((done) => child.once('close', done));
  const [said, complained, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  assert.equal(code, 0, `${line}\n${said}${complained}`);
}

describe('the packages of a guide', { concurrency: PROJECTS_AT_ONCE }, () => {
  for (const page of pagesHere()) {
    const lines = installLinesOf(page);
    if (lines.length === 0) continue;

    it(`go together in an empty project (${page.path})`, async (context) => {
      const folder = mkdtempSync(join(tmpdir(), 'authkit-installs-'));
      context.after(() => rmSync(folder, { recursive: true, force: true }));
      writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
      for (const line of lines) await type(line, folder);
      await type('npm ls', folder); // Fails for what is missing, and for what another package does not go with.
      const { dependencies = {}, devDependencies = {} } = JSON.parse(
        readFileSync(join(folder, 'package.json'), 'utf8'),
      ) as Record<string, Record<string, string> | undefined>;
      const named = lines.flatMap((line) => line.split(' ').slice(2)).filter((word) => !word.startsWith('-'));
      assert.deepEqual(Object.keys({ ...dependencies, ...devDependencies }).sort(), named.sort());
      for (const name of named)
        assert.equal(existsSync(join(folder, 'node_modules', name, 'package.json')), IS_WHOLE, name);
    });
  }
});
