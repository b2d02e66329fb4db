import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Database, Statement, sql } from '../../src/core/index.ts';
import { onEachEngine } from '../harness.ts';
import { handOutSecrets } from './every-secret.ts';

/** Every row of every table, as text. */
async function everything(db: Database): Promise<string> {
  const names = await db.all(
    db.engine === 'sqlite'
      ? sql<{ name: string }>`select name from sqlite_master where type = 'table'`
      : sql<{
          name: string;
        }>`select table_name as name from information_schema.tables where table_schema = current_schema()`,
  );
  assert.ok(names.length > 15, 'the tables were not found');
  const rows = await Promise.all(
    names.map(
      async ({ name }) =>
        `${name}\n${JSON.stringify(await db.all(new Statement([{ text: `select * from ${name}` }])))}`,
    ),
  );
  return rows.join('\n');
}

/** Six digits appear in times and ids by chance, so a short code counts where it stands by itself. */
function holds(text: string, secret: string): boolean {
  if (secret.length > 6) return text.includes(secret) || text.includes(encodeURIComponent(secret));
  return new RegExp(`(?<![0-9A-Za-z_-])${secret}(?![0-9A-Za-z_-])`).test(text);
}

onEachEngine('secrets', (start, engine) => {
  it('are nowhere in the database, the mailbox included', async () => {
    await using server = await start();
    const secrets = await handOutSecrets(server);
    const { db } = server.running.services;
    const dump = await everything(db);
    assert.ok(dump.includes('grace@example.com'), 'the dump shows nothing');
    assert.ok(dump.includes('argon2id'), 'the dump shows no passwords table');
    for (const [name, secret] of Object.entries(secrets)) {
      assert.ok(secret.length >= 6, `${name} is missing`);
      assert.ok(!holds(dump, secret), `the database holds ${name}`);
      assert.ok(!holds(dump, Buffer.from(secret).toString('base64').replace(/=+$/, '')), `it holds ${name} in base64`);
    }
    assert.doesNotMatch(dump, /PRIVATE KEY|"d":"/);
  });

  it('are in no line of the log, at its most talkative', async () => {
    const walk = fileURLToPath(new URL('every-secret.ts', import.meta.url));
    const child = spawn(process.execPath, [walk, engine], { stdio: ['ignore', 'pipe', 'pipe'] });
    const texts = await Promise.all([child.stdout, child.stderr].map((stream) => stream.setEncoding('utf8').toArray()));
    const [out = '', log = ''] = texts.map((parts) => parts.join(''));
    assert.notEqual(out, '', log);
    const secrets = JSON.parse(out) as Record<string, string>;
    const lines = log.split('\n').filter((line) => line.startsWith('{'));
    assert.ok(lines.length > 20, `hardly anything was logged:\n${log}`);
    assert.ok(lines.some((line) => JSON.parse(line).level === 'debug'));
    for (const [name, secret] of Object.entries(secrets)) {
      for (const line of lines) assert.ok(!holds(line, secret), `the log tells ${name}: ${line}`);
    }
    assert.doesNotMatch(log, /state-of-the-app|[?&]code=|grace@example\.com|sk_test_not_a_key/);
  });
});
