import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { findPostgres, freshPostgres, testedEngines } from '../../../test/postgres.ts';
import type { Database } from './database.ts';
import { forEngine, MigrationRefused, migrate, readMigrations } from './migrate.ts';
import { openPostgresql } from './postgresql.ts';
import { openSqlite } from './sqlite.ts';
import { sql } from './statement.ts';

const now = () => new Date('2026-01-02T03:04:05.678Z');

const hasPostgres =
  testedEngines().includes('postgresql') && Boolean(process.env.AUTHKIT_TEST_DATABASE_URL || findPostgres());
const server = hasPostgres ? await freshPostgres() : null;
after(() => server?.drop());
let schemas = 0;

/** `again` opens what another process on the same tables would have. */
async function open(engine: Database['engine']) {
  const opened: Database[] = [];
  const schema = `test_${++schemas}`;
  const again = (): Database => {
    const db = engine === 'sqlite' ? openSqlite(':memory:') : openPostgresql(server?.url ?? '', { schema });
    opened.push(db);
    return db;
  };
  const db = again();
  if (engine === 'postgresql') await db.script(`create schema ${schema}`);
  return {
    db,
    again,
    async [Symbol.asyncDispose]() {
      for (const each of opened) await each.close();
    },
  };
}

const listed = (db: Database) =>
  db.all(sql<{ version: string }>`select version from schema_migrations order by version`);

for (const engine of testedEngines()) {
  describe(`migrate (${engine})`, { skip: engine === 'postgresql' && !hasPostgres }, () => {
    it('applies every file once, in order, and nothing the second time', async () => {
      await using opened = await open(engine);
      const { db } = opened;
      await migrate(db, now);
      const versions = (await readMigrations()).map(({ version }) => ({ version }));
      assert.deepEqual(await listed(db), versions);
      await migrate(db, () => new Date(0));
      const { n } = await db.one(
        sql<{ n: number }>`select count(*) as n from schema_migrations where applied_at = ${now()}`,
      );
      assert.equal(n, versions.length);
    });

    it('refuses a file that was edited after it ran', async () => {
      await using opened = await open(engine);
      const { db } = opened;
      await migrate(db, now);
      await db.run(sql`update schema_migrations set checksum = 'other' where version like '0002%'`);
      await assert.rejects(migrate(db, now), (error) => {
        assert.ok(error instanceof MigrationRefused);
        return /^Migration 0002_\w+ was edited after it ran here/.test(error.message);
      });
    });

    it('refuses a database of a newer release, and leaves it alone', async () => {
      await using opened = await open(engine);
      const { db } = opened;
      await migrate(db, now);
      await db.run(sql`insert into schema_migrations (version, checksum, applied_at) values ('9999_later', 'x', 1)`);
      await assert.rejects(migrate(db, now), /another release, most likely a newer one \(9999_later\)/);
      await db.run(sql`update schema_migrations set version = '0001_of_a_branch' where version = '9999_later'`);
      await assert.rejects(migrate(db, now), MigrationRefused);
    });

    it('undoes everything when one file fails, so that the next start can try again', async () => {
      await using opened = await open(engine);
      const { db } = opened;
      // In the way of a table that a later file makes.
      await db.script('create table operators (id text)');
      await assert.rejects(migrate(db, now));
      await assert.rejects(db.all(sql`select * from jobs`));
      await db.script('drop table operators');
      await migrate(db, now);
      assert.equal((await listed(db)).length, (await readMigrations()).length);
    });
  });
}

describe('migrate (several at once on PostgreSQL)', { skip: !hasPostgres }, () => {
  it('lets one work and the others find nothing to do', async () => {
    await using opened = await open('postgresql');
    const nodes = [opened.db, opened.again(), opened.again(), opened.again()];
    await Promise.all(nodes.map((db) => migrate(db, now)));
    assert.equal((await listed(opened.db)).length, (await readMigrations()).length);
  });
});

describe('readMigrations', () => {
  it('numbers them without gap or repetition', async () => {
    const numbers = (await readMigrations()).map(({ version }) => Number(version.slice(0, 4)));
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => index + 1),
    );
  });

  it('has no column that an engine would answer with a type of its own', async () => {
    for (const { version, text } of await readMigrations()) {
      const foreign = /\b(boolean|timestamp\w*|jsonb?|integer|int|serial|numeric|real|blob|bytea|varchar)\b/i.exec(
        text.replace(/--.*$/gm, ''),
      );
      assert.equal(foreign, null, `${version} uses ${foreign?.[0]}`);
    }
  });

  it('orders text by bytes on both engines', () => {
    assert.equal(forEngine('id text collate bytewise', 'sqlite'), 'id text collate binary');
    assert.equal(forEngine('id text collate bytewise', 'postgresql'), 'id text collate "C"');
  });
});
