import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { readSeedFile } from './seed-file.ts';

const base = mkdtempSync(join(tmpdir(), 'authkit-seed-'));
after(() => rmSync(base, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(base, name);
  writeFileSync(path, content);
  return path;
}

/** One line that names the file and what is wrong there. */
function assertRefused(path: string, message: RegExp): void {
  assert.throws(
    () => readSeedFile(path),
    (error: Error) => {
      assert.equal(error.name, 'StartError');
      assert.match(error.message, message);
      assert.ok(error.message.includes(path) && !error.message.includes('\n'), error.message);
      return true;
    },
  );
}

describe('readSeedFile', () => {
  it('reads YAML and JSON, and an empty file as nothing wanted', () => {
    const wanted = { application_name: 'Notes', users: [{ email: 'a@example.com', email_verified: true }] };
    assert.deepEqual(
      readSeedFile(file('a.yaml', 'application_name: Notes\nusers: [{ email: a@example.com }]')),
      wanted,
    );
    assert.deepEqual(readSeedFile(file('a.json', JSON.stringify(wanted))), wanted);
    assert.deepEqual(readSeedFile(file('empty.yaml', '# nothing yet\n')), { users: [] });
  });

  it('says that it cannot be read', () => {
    assertRefused(join(base, 'missing.yaml'), /cannot be read \(ENOENT\)\. Check the path given with --seed/);
    assertRefused(base, /cannot be read \(EISDIR\)/);
  });

  it('says that it is neither JSON nor YAML, and where', () => {
    assertRefused(file('bad.yaml', 'users: [\n'), /is neither JSON nor YAML: .+line 2, column 1\.$/);
    assertRefused(file('tabs.yaml', 'users:\n\t- email: x'), /is neither JSON nor YAML: .+[^:.]\.$/);
  });

  it('names the place of a wrong value and the name it does not know', () => {
    for (const [content, message] of [
      ['redirect_urls: []', /: 'redirect_urls' is not a name a seed knows\.$/],
      ['redirect_uris: []', /at 'redirect_uris'/],
      ['users: [{ email: a@example.com, pasword: x }]', /: 'pasword' in users\.0 is not a name a seed knows\.$/],
      ['users: [{ emial: a@example.com }]', /: 'emial' in users\.0 is not a name a seed knows\.$/],
      ['users: [{ first_name: Ada }]', /at 'users\.0\.email'/],
      ['settings: { sign_up_names: sometimes }', /at 'settings\.sign_up_names'/],
      ['[]', /at 'its top level'/],
      ['just text', /at 'its top level'/],
    ] as const)
      assertRefused(file('wrong.yaml', content), message);
  });
});
