import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';

describe('npm run db:new', () => {
  const run = (folder: string, ...args: string[]) =>
    spawnSync(process.execPath, [join(import.meta.dirname, 'db-new.ts'), '--folder', folder, ...args], {
      encoding: 'utf8',
    });

  it('gives the next number and a header that asks what the migration answers', () => {
    const folder = mkdtempSync(join(tmpdir(), 'authkit-migrations-'));
    try {
      writeFileSync(join(folder, '0009_users.sql'), '');
      assert.equal(run(folder, 'add_factor_locks').status, 0);
      assert.equal(run(folder, 'add_passkeys').status, 0);
      assert.deepEqual(readdirSync(folder).sort(), [
        '0009_users.sql',
        '0010_add_factor_locks.sql',
        '0011_add_passkeys.sql',
      ]);
      assert.match(
        readFileSync(join(folder, '0010_add_factor_locks.sql'), 'utf8'),
        /^-- add factor locks\n[\s\S]*The question/,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('refuses a name that is not snake_case, and says how one looks', () => {
    for (const name of ['AddLocks', 'add-locks', '../locks', '']) {
      const { status, stderr } = run('/nonexistent', name);
      assert.deepEqual([status, stderr], [1, 'Name the change in snake_case: npm run db:new -- add_factor_locks\n']);
    }
  });
});
