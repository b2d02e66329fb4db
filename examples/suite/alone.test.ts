import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { alone } from './alone.ts';

describe('alone', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'authkit-alone-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('lets one work begin when the one before it has ended', async () => {
    const lock = join(folder, 'below', 'one.lock');
    const seen: string[] = [];
    const work = (name: string) =>
      alone(lock, async () => {
        seen.push(`${name} begins`);
        await new Promise(setImmediate);
        seen.push(`${name} ends`);
      });
    await Promise.all([work('first'), work('second'), work('third')]);
    const [first = '', second = '', third = ''] = seen.filter((line) => line.endsWith('begins'));
    const names = [first, second, third].map((line) => line.split(' ')[0] ?? '');
    assert.deepEqual(
      seen,
      names.flatMap((name) => [`${name} begins`, `${name} ends`]),
    );
    assert.deepEqual(names.toSorted(), ['first', 'second', 'third']);
    assert.ok(!existsSync(lock));
  });

  it('is free again after work that failed', async () => {
    const lock = join(folder, 'failed.lock');
    await assert.rejects(
      alone(lock, async () => {
        throw new Error('no network');
      }),
      /no network/,
    );
    assert.ok(!existsSync(lock));
  });

  it('takes over from a process that is gone', async () => {
    const lock = join(folder, 'gone.lock');
    const { pid } = spawnSync(process.execPath, ['--version']);
    writeFileSync(lock, String(pid));
    let worked = false;
    await alone(lock, async () => {
      worked = true;
    });
    assert.ok(worked);
  });
});
