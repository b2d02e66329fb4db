import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { findPostgres, freshPostgres, testedEngines } from '../../../test/postgres.ts';
import { Unavailable } from '../errors.ts';
import { type Database, isUniqueViolation, maxWaiting, statementTimeoutMs } from './database.ts';
import { openPostgresql } from './postgresql.ts';
import { openSqlite } from './sqlite.ts';
import { anyOf, rowsOf, sql } from './statement.ts';

const kinds = ['SQLite in memory', 'SQLite in a file', 'PostgreSQL'] as const;
type Kind = (typeof kinds)[number];

const wanted = kinds.filter((kind) =>
  kind === 'PostgreSQL'
    ? testedEngines().includes('postgresql') && (process.env.AUTHKIT_TEST_DATABASE_URL || findPostgres())
    : testedEngines().includes('sqlite'),
);

const shared = wanted.includes('PostgreSQL') ? await freshPostgres() : null;
after(() => shared?.drop());
let schemas = 0;

/** A database with one table, `notes (id, text, created_at, is_read, data_json)`. */
async function open(kind: Kind): Promise<{ db: Database } & AsyncDisposable> {
  const folder = kind === 'SQLite in a file' ? mkdtempSync(join(tmpdir(), 'authkit-sql-')) : null;
  const db = kind === 'PostgreSQL' ? await openSchema() : openSqlite(folder ? join(folder, 'test.db') : ':memory:');
  await db.script(
    'create table notes (id text primary key, text text, created_at bigint, is_read bigint, data_json text);',
  );
  return {
    db,
    async [Symbol.asyncDispose]() {
      await db.close();
      if (folder) rmSync(folder, { recursive: true });
    },
  };
}

/** A schema of its own costs a fiftieth of a database of its own. */
async function openSchema(): Promise<Database> {
  const schema = `test_${++schemas}`;
  const db = openPostgresql(shared?.url ?? '', { schema });
  await db.script(`create schema ${schema}`);
  return db;
}

const add = (id: string) => sql`insert into notes (id) values (${id})`;
const ids = async (db: Database) =>
  (await db.all(sql<{ id: string }>`select id from notes order by id`)).map(({ id }) => id);

for (const kind of wanted) {
  describe(`a database (${kind})`, () => {
    it('gives back what it was given', async () => {
      await using opened = await open(kind);
      const { db } = opened;
      const at = new Date('2026-01-02T03:04:05.678Z');
      const text = `it's "quoted" \\ $1 ?1 ünï 😀\n`;
      const changed = await db.run(
        sql`insert into notes values (${'a'}, ${text}, ${at}, ${true}, ${JSON.stringify({ big: 2 ** 53 - 1 })})`,
      );
      assert.equal(changed, 1);
      const rows = await db.all(sql`select * from notes`);
      assert.deepEqual(rows, [{ id: 'a', text, createdAt: at, isRead: true, data: { big: 2 ** 53 - 1 } }]);
      assert.deepEqual(Object.getPrototypeOf(rows[0]), Object.prototype);
    });

    it('tells one row, no row and too many apart', async () => {
      await using opened = await open(kind);
      const { db } = opened;
      const all = sql<{ id: string }>`select id from notes`;
      assert.equal(await db.maybeOne(all), null);
      await assert.rejects(db.one(all), /Expected a row/);
      await db.run(add('a'));
      assert.deepEqual(await db.one(all), { id: 'a' });
      await db.run(add('b'));
      await assert.rejects(db.maybeOne(all), /at most one row, got 2/);
      await assert.rejects(db.one(all), /at most one row, got 2/);
    });

    it('counts the rows a write changed and reads what it returns', async () => {
      await using opened = await open(kind);
      const { db } = opened;
      await db.run(sql`insert into notes (id) values ('a'), ('b')`);
      assert.equal(await db.run(sql`update notes set text = ${'x'}`), 2);
      assert.equal(await db.run(sql`delete from notes where id = ${'nobody'}`), 0);
      const returned = await db.all(sql`update notes set is_read = 1 where id = ${'a'} returning id, is_read`);
      assert.deepEqual(returned, [{ id: 'a', isRead: true }]);
      assert.deepEqual(
        await db.maybeOne(sql`insert into notes (id) values ('a') on conflict do nothing returning id`),
        null,
      );
    });

    it('finds any of a list, and nothing in an empty one', async () => {
      await using opened = await open(kind);
      const { db } = opened;
      await db.run(sql`insert into notes (id, is_read) values ('a', 1), ('b', 2), ('c', 3)`);
      const find = async (list: string[]) =>
        (await db.all(sql<{ id: string }>`select id from notes where id ${anyOf(list)} order by id`)).map((r) => r.id);
      assert.deepEqual(await find(['c', 'a', 'z', "'"]), ['a', 'c']);
      assert.deepEqual(await find([]), []);
      const numbers = await db.all(
        sql<{ id: string }>`select id from notes where is_read ${anyOf([2, 3])} order by id`,
      );
      assert.deepEqual(numbers, [{ id: 'b' }, { id: 'c' }]);
    });

    it('reads rows made of values, with nulls, numbers beyond 32 bits and JSON text, and none of none', async () => {
      await using opened = await open(kind);
      const { db } = opened;
      const columns = [
        { name: 'id', type: 'text' },
        { name: 'created_at', type: 'bigint' },
        { name: 'data_json', type: 'text' },
      ] as const;
      const insert = (rows: unknown[][]) =>
        db.run(sql`insert into notes (id, created_at, data_json)
          select id, created_at, data_json from ${rowsOf('given', columns, rows)} where true`);
      assert.equal(await insert([]), 0);
      assert.equal(
        await insert([
          ['a', 2 ** 40, '{"a":[1,"\\"2"]}'],
          ['b', null, null],
          ['1e5', 0, '[]'],
        ]),
        3,
      );
      assert.deepEqual(await db.all(sql`select id, created_at, data_json from notes order by id`), [
        { id: '1e5', createdAt: new Date(0), data: [] },
        { id: 'a', createdAt: new Date(2 ** 40), data: { a: [1, '"2'] } },
        { id: 'b', createdAt: null, data: null },
      ]);
    });

    it('commits all of a transaction, and nothing of one that throws', async () => {
      await using opened = await open(kind);
      const { db } = opened;
      const value = await db.transaction(async (tx) => {
        await tx.run(add('a'));
        await tx.run(add('b'));
        return (await tx.all(sql`select id from notes`)).length;
      });
      assert.equal(value, 2);
      const refused = db.transaction(async (tx) => {
        await tx.run(add('c'));
        throw new Error('no');
      });
      await assert.rejects(refused, /^Error: no$/);
      assert.deepEqual(await ids(db), ['a', 'b']);
    });

    it('undoes one body without harming those that commit with it', async () => {
      await using opened = await open(kind);
      const { db } = opened;
      const outcomes = await Promise.allSettled([
        db.run(add('a')),
        db.transaction(async (tx) => {
          await tx.run(add('b'));
          await tx.run(add('a'));
        }),
        db.transaction(async (tx) => {
          await tx.run(add('c'));
          await turn();
          await tx.run(add('d'));
        }),
        db.run(sql`insert into nowhere values (1)`),
        db.run(add('e')),
      ]);
      assert.deepEqual(
        outcomes.slice(2).map(({ status }) => status),
        ['fulfilled', 'rejected', 'fulfilled'],
      );
      // On PostgreSQL either of the two that want `a` may come first; one of them loses everything.
      const kept = await ids(db);
      assert.deepEqual(
        kept.filter((id) => id !== 'b'),
        ['a', 'c', 'd', 'e'],
      );
      assert.equal(kept.includes('b'), outcomes[1]?.status === 'fulfilled');
      assert.notEqual(outcomes[0]?.status, outcomes[1]?.status);
    });

    it('tells a value that is taken from other failures', async () => {
      await using opened = await open(kind);
      const { db } = opened;
      await db.run(add('a'));
      await assert.rejects(db.run(add('a')), (error) => isUniqueViolation(error));
      await assert.rejects(db.run(sql`insert into nowhere values (1)`), (error) => !isUniqueViolation(error));
    });

    it('does not call a transaction done when a failed statement undid it', async () => {
      await using opened = await open(kind);
      const { db } = opened;
      await db.run(add('a'));
      const swallowed = db.transaction(async (tx) => {
        await tx.run(add('b'));
        await tx.run(add('a')).catch(() => {});
      });
      const outcome = await swallowed.then(
        () => 'done',
        () => 'refused',
      );
      assert.deepEqual(await ids(db), outcome === 'done' ? ['a', 'b'] : ['a']);
    });

    it('runs what waits for the commit after it, in order, and not when there is none', async () => {
      await using opened = await open(kind);
      const { db } = opened;
      const seen: string[] = [];
      await db.transaction(async (tx) => {
        tx.afterCommit(() => seen.push('first'));
        await tx.run(add('a'));
        tx.afterCommit(() => seen.push('second'));
        seen.push('body');
      });
      await assert.rejects(
        db.transaction(async (tx) => {
          tx.afterCommit(() => seen.push('never'));
          throw new Error('no');
        }),
      );
      db.afterCommit(() => seen.push('at once'));
      assert.deepEqual(seen, ['body', 'first', 'second', 'at once']);
    });

    it('stays durable and goes on when something after the commit throws', async () => {
      await using opened = await open(kind);
      const { db } = opened;
      const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
      const seen: string[] = [];
      const value = await db.transaction(async (tx) => {
        tx.afterCommit(() => {
          throw new Error('a listener of ours is broken');
        });
        tx.afterCommit(() => seen.push('the next one runs'));
        await tx.run(add('a'));
        return 'done';
      });
      assert.equal(value, 'done');
      assert.deepEqual(seen, ['the next one runs']);
      assert.match((await warned).message, /a listener of ours is broken/);
      await db.run(add('b'));
      assert.deepEqual(await ids(db), ['a', 'b']);
    });

    it('refuses the database inside a transaction, where waiting for it would never end', async () => {
      await using opened = await open(kind);
      const { db } = opened;
      for (const use of [
        () => db.run(add('x')),
        () => db.all(sql`select 1`),
        () => db.one(sql`select 1`),
        () => db.transaction(async () => {}),
      ])
        await assert.rejects(db.transaction(use), /use the handle it gave you/);
      await db.run(add('a'));
      assert.deepEqual(await ids(db), ['a']);
    });

    it('lets code use another database inside a transaction, and this one after it', async () => {
      await using opened = await open(kind);
      await using other = await open('SQLite in memory');
      await opened.db.transaction(async (tx) => {
        await tx.run(add('a'));
        await other.db.run(add('b'));
      });
      await opened.db.run(add('c'));
      assert.deepEqual([await ids(opened.db), await ids(other.db)], [['a', 'c'], ['b']]);
    });

    it('refuses a handle whose transaction has ended', async () => {
      await using opened = await open(kind);
      const { db } = opened;
      const kept = await db.transaction(async (tx) => tx);
      await assert.rejects(async () => kept.run(add('a')), /has ended/);
      await assert.rejects(async () => kept.all(sql`select 1`), /has ended/);
      await assert.rejects(async () => kept.script('select 1'), /has ended/);
      assert.deepEqual(await ids(db), []);
    });

    it('lets a hundred writers in, and only the one that fails fails', async () => {
      await using opened = await open(kind);
      const { db } = opened;
      await db.run(add('taken'));
      const outcomes = await Promise.allSettled(
        Array.from({ length: 100 }, (_, n) => db.run(add(n === 50 ? 'taken' : `n${n}`))),
      );
      assert.deepEqual(
        outcomes.flatMap(({ status }, n) => (status === 'rejected' ? [n] : [])),
        [50],
      );
      assert.equal((await ids(db)).length, 100);
    });

    it('adds up what a hundred transactions read and write', async () => {
      await using opened = await open(kind);
      const { db } = opened;
      await db.run(sql`insert into notes (id, is_read) values ('sum', 0)`);
      const lock = sql.engine({ sqlite: '', postgresql: 'for update' });
      await Promise.all(
        Array.from({ length: 100 }, () =>
          db.transaction(async (tx) => {
            const { n } = await tx.one(sql<{ n: number }>`select is_read as n from notes where id = 'sum' ${lock}`);
            await tx.run(sql`update notes set is_read = ${n + 1} where id = 'sum'`);
          }),
        ),
      );
      assert.deepEqual(await db.one(sql`select is_read as n from notes`), { n: 100 });
    });

    it('does not show others what is not committed', async () => {
      await using opened = await open(kind);
      const { db } = opened;
      const seen: string[][] = [];
      const wrote = db
        .transaction(async (tx) => {
          await tx.run(add('a'));
          await turn();
          await turn();
          throw new Error('no');
        })
        .catch(() => {});
      await turn();
      const reading = ids(db).then((found) => void seen.push(found));
      await Promise.all([wrote, reading]);
      assert.deepEqual(seen, [[]]);
    });

    it('answers 503 instead of queueing without end', async () => {
      await using opened = await open(kind);
      const { db } = opened;
      const { promise: gate, resolve: openGate } = Promise.withResolvers<void>();
      const holding = Array.from({ length: kind === 'PostgreSQL' ? 10 : 1 }, () => db.transaction(() => gate));
      await turn();
      await turn();
      const outcomes = Array.from({ length: maxWaiting + 50 }, () =>
        db.run(sql`update notes set text = null`).then(
          () => 'ran',
          (error) => error,
        ),
      );
      const refused = await Promise.race(outcomes.slice(-1));
      assert.ok(refused instanceof Unavailable, String(refused));
      assert.equal(refused.status, 503);
      openGate();
      await Promise.all(holding);
      const settled = await Promise.all(outcomes);
      assert.ok(settled.filter((outcome) => outcome !== 'ran').length <= 50);
      assert.equal(settled[0], 'ran');
    });

    if (kind !== 'PostgreSQL')
      it('answers 503 to whoever waited too long for others, and to nobody for its own pauses', async (t) => {
        await using opened = await open(kind);
        const { db } = opened;
        const { now } = Date;
        const pause = () => t.mock.method(Date, 'now', () => now() + statementTimeoutMs + 1);
        const alone = db.run(sql`update notes set text = null`);
        pause();
        await alone;
        t.mock.restoreAll();

        const { promise: gate, resolve: openGate } = Promise.withResolvers<void>();
        const holding = db.transaction(() => gate);
        await turn();
        await turn();
        const behind = db.run(sql`update notes set text = null`);
        pause();
        openGate();
        await holding;
        await assert.rejects(behind, Unavailable);
      });

    it('answers 503 once it is closed', async () => {
      await using opened = await open(kind);
      const { db } = opened;
      await db.close();
      await db.close();
      await assert.rejects(db.all(sql`select 1`), Unavailable);
      await assert.rejects(db.run(add('a')), Unavailable);
      await assert.rejects(
        db.transaction(async () => {}),
        Unavailable,
      );
    });

    it('runs a script all the way or not at all', async () => {
      await using opened = await open(kind);
      const { db } = opened;
      await assert.rejects(db.script("insert into notes (id) values ('a'); insert into nowhere values (1);"));
      assert.deepEqual(await ids(db), []);
      await db.transaction(async (tx) => {
        await tx.script("insert into notes (id) values ('a'); insert into notes (id) values ('b');");
      });
      assert.deepEqual(await ids(db), ['a', 'b']);
    });
  });
}

describe('SQLite’s group commit', { skip: !wanted.includes('SQLite in memory') }, () => {
  it('tells nobody that their work is durable when the engine undid the whole group', async () => {
    await using opened = await open('SQLite in a file');
    const { db } = opened;
    await db.run(add('a'));
    const outcomes = await Promise.allSettled([
      db.run(add('b')),
      // As a full disk would: it undoes not the statement but the transaction around it.
      db.run(sql`insert or rollback into notes (id) values ('a')`),
      db.run(add('c')),
    ]);
    const told = outcomes.map(({ status }) => status === 'fulfilled');
    assert.deepEqual(told, [false, false, false]);
    assert.deepEqual(await ids(db), ['a']);
    await db.run(add('d'));
    assert.deepEqual(await ids(db), ['a', 'd']);
  });

  it('keeps what was committed when the process ends without a word', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'authkit-sql-'));
    const file = join(folder, 'test.db');
    const first = openSqlite(file);
    await first.script('create table notes (id text primary key)');
    await first.run(add('a'));
    // A second connection sees it without the first one being closed: it is in the log on disk.
    const second = openSqlite(file);
    assert.deepEqual(await ids(second), ['a']);
    await first.close();
    await second.close();
    rmSync(folder, { recursive: true });
  });
});
