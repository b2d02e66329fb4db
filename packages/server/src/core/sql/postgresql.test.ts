import assert from 'node:assert/strict';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { after, describe, it } from 'node:test';
import pg from 'pg';
import { findPostgres, freshPostgres, testedEngines } from '../../../test/postgres.ts';
import { Unavailable } from '../errors.ts';
import type { Database } from './database.ts';
import { openPostgresql } from './postgresql.ts';
import { sql } from './statement.ts';

const isWanted =
  testedEngines().includes('postgresql') && Boolean(process.env.AUTHKIT_TEST_DATABASE_URL || findPostgres());
const server = isWanted ? await freshPostgres() : null;
after(() => server?.drop());

let schemas = 0;

interface Opened extends AsyncDisposable {
  readonly db: Database;
  readonly schema: string;
}

/** An empty schema. `through` puts something in between, as a network would. */
async function open(options: { maxConnections?: number; through?: string } = {}): Promise<Opened> {
  const schema = `test_${++schemas}`;
  await administer(`create schema ${schema}`);
  const db = openPostgresql(options.through ?? server?.url ?? '', { schema, ...options });
  return { db, schema, [Symbol.asyncDispose]: () => db.close() };
}

/** On a connection of its own, as an operator has one. */
async function administer(text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: server?.url });
  await client.connect();
  try {
    return (await client.query(text)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

const pidOf = async (db: Pick<Database, 'one'>) =>
  (await db.one(sql<{ pid: number }>`select pg_backend_pid() as pid`)).pid;

describe('PostgreSQL', { skip: !isWanted }, () => {
  it('runs a transaction again when it could not be serialized, and its callbacks once', async () => {
    await using opened = await open();
    const { db } = opened;
    await db.script('create table t (id text primary key, n bigint not null)');
    await db.script("insert into t values ('a', 0)");
    let runs = 0;
    let committed = 0;
    const allRead = Promise.withResolvers<void>();
    const addOne = () =>
      db.transaction(async (tx) => {
        await tx.script('set transaction isolation level serializable');
        const { n } = await tx.one(sql<{ n: number }>`select n from t where id = 'a'`);
        // Nobody writes before everybody has read: else they may come one after the other, and nothing collides.
        if (++runs === 3) allRead.resolve();
        await allRead.promise;
        await tx.run(sql`update t set n = ${n + 1} where id = 'a'`);
        tx.afterCommit(() => committed++);
      });
    await Promise.all([addOne(), addOne(), addOne()]);
    assert.deepEqual(await db.one(sql`select n from t`), { n: 3 });
    assert.equal(committed, 3);
    assert.ok(runs > 3, `${runs} runs: nothing collided`);
  });

  it('runs a transaction again after a deadlock', async () => {
    await using opened = await open();
    const { db } = opened;
    await db.script('create table t (id text primary key, n bigint not null)');
    await db.script("insert into t values ('a', 0), ('b', 0)");
    let runs = 0;
    const bothLocked = Promise.withResolvers<void>();
    // Who looks first is the one that is undone; with one patience for both, both may look and both be undone.
    const inOrder = (first: string, second: string, patience: string) =>
      db.transaction(async (tx) => {
        await tx.script(`set local deadlock_timeout = '${patience}'`);
        await tx.run(sql`update t set n = n + 1 where id = ${first}`);
        if (++runs === 2) bothLocked.resolve();
        await bothLocked.promise;
        await tx.run(sql`update t set n = n + 1 where id = ${second}`);
      });
    await Promise.all([inOrder('a', 'b', '20ms'), inOrder('b', 'a', '4s')]);
    assert.deepEqual(await db.all(sql`select n from t`), [{ n: 2 }, { n: 2 }]);
    // Three, and more where the one that was undone is back before the other has woken up.
    assert.ok(runs >= 3, `${runs} runs: nothing was undone`);
  });

  it('does not run again what failed for another reason', async () => {
    await using opened = await open();
    let runs = 0;
    const failing = opened.db.transaction(async (tx) => {
      runs++;
      await tx.run(sql`insert into nowhere values (1)`);
    });
    await assert.rejects(failing, { code: '42P01' });
    assert.equal(runs, 1);
  });

  it('refuses to call a transaction done when a failed statement in it was swallowed', async () => {
    await using opened = await open();
    const { db } = opened;
    await db.script('create table t (id text primary key)');
    const seen: string[] = [];
    const swallowing = db.transaction(async (tx) => {
      tx.afterCommit(() => seen.push('committed'));
      await tx.run(sql`insert into t values ('a')`);
      await tx.run(sql`insert into t values ('a')`).catch(() => {});
    });
    await assert.rejects(swallowing, /nothing was committed/);
    assert.deepEqual([await db.all(sql`select * from t`), seen], [[], []]);
  });

  it('reads counts and times as numbers', async () => {
    await using opened = await open();
    const row = await opened.db.one(
      sql`select count(*) as n, 9007199254740991::bigint as big, 1::int as small, exists (select 1) as is_there`,
    );
    assert.deepEqual(row, { n: 1, big: 2 ** 53 - 1, small: 1, isThere: true });
  });

  it('prepares a statement once per connection, by name', async () => {
    await using opened = await open({ maxConnections: 1 });
    const { db } = opened;
    for (const n of [1, 2, 3]) await db.one(sql`select ${n}::bigint as n`);
    const prepared = await db.all(
      sql<{ text: string }>`select statement as text from pg_prepared_statements where statement like '%as n'`,
    );
    assert.deepEqual(prepared, [{ text: 'select $1::bigint as n' }]);
  });

  it('reads on while a newer release adds and drops columns', async () => {
    await using opened = await open({ maxConnections: 2 });
    const { db } = opened;
    await db.script("create table t (id text primary key, gone text, kept text); insert into t values ('a', 'x', 'y')");
    const read = () => db.one(sql`select * from t`);
    const readInside = () => db.transaction((tx) => tx.one(sql`select * from t`));
    await Promise.all([read(), read(), readInside()]);
    await db.script('alter table t add column fresh bigint');
    assert.deepEqual(await readInside(), { id: 'a', gone: 'x', kept: 'y', fresh: null });
    assert.deepEqual(
      await Promise.all([read(), read()]),
      Array(2).fill({ id: 'a', gone: 'x', kept: 'y', fresh: null }),
    );
    await db.script('alter table t drop column gone');
    assert.deepEqual(await read(), { id: 'a', kept: 'y', fresh: null });
    assert.deepEqual(await readInside(), { id: 'a', kept: 'y', fresh: null });
  });

  it('answers 503 when its connection is cut in the middle, survives it, and goes on', async () => {
    await using opened = await open({ maxConnections: 1 });
    const { db } = opened;
    const cutting = db.transaction(async (tx) => {
      await administer(`select pg_terminate_backend(${await pidOf(tx)})`);
      await tx.one(sql`select 1 as n`);
    });
    await assert.rejects(cutting, Unavailable);
    const idle = await pidOf(db);
    await administer(`select pg_terminate_backend(${idle}, 10000)`);
    // It has ended; that its connection has, arrives here on its own.
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.notEqual(await pidOf(db), idle);
    const asking = assert.rejects(db.one(sql`select pg_sleep(4)`), Unavailable);
    const endSleeping = () =>
      administer(
        `select pg_terminate_backend(pid) from pg_stat_activity where query like 'select pg_sleep(4)%' and pid <> pg_backend_pid()`,
      );
    while ((await endSleeping()).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await asking;
    assert.deepEqual(await db.one(sql`select 1::bigint as n`), { n: 1 });
  });

  it('answers 503 while PostgreSQL cannot be reached, and works again when it can', async () => {
    const network = await between();
    await using opened = await open({ through: network.url });
    const { db } = opened;
    assert.deepEqual(await db.one(sql`select 1::bigint as n`), { n: 1 });
    await network.cut();
    await assert.rejects(db.one(sql`select 1::bigint as n`), Unavailable);
    await assert.rejects(
      db.transaction(async () => {}),
      Unavailable,
    );
    await assert.rejects(db.script('select 1'), Unavailable);
    await network.mend();
    assert.deepEqual(await db.one(sql`select 1::bigint as n`), { n: 1 });
    await db.close();
    await network.cut();
  });

  it('ends a statement after five seconds with 503, but not a migration', async () => {
    await using opened = await open();
    const { db } = opened;
    const slow = assert.rejects(db.one(sql`select pg_sleep(20)`), (error: unknown) => {
      assert.ok(error instanceof Unavailable);
      assert.equal((error.cause as { code?: string }).code, '57014');
      return true;
    });
    const patient = db.transaction(async (tx) => {
      await tx.script('set local statement_timeout = 0');
      await tx.script('select pg_sleep(5.2)');
    });
    await Promise.all([slow, patient]);
  });

  it('waits for the disk, whatever the server’s default says', async () => {
    await using opened = await open();
    assert.deepEqual(await opened.db.one(sql`select current_setting('synchronous_commit') as setting`), {
      setting: 'on',
    });
  });
});

/** A network between us and PostgreSQL that can be cut. */
async function between(): Promise<{ url: string; cut(): Promise<void>; mend(): Promise<void> }> {
  const target = new URL(server?.url ?? '');
  const sockets = new Set<Socket>();
  let listener: Server | null = null;
  let port = 0;
  const mend = async (): Promise<void> => {
    listener = createServer((socket) => {
      const behind = connect(Number(target.port), target.hostname);
      for (const [from, to] of [
        [socket, behind],
        [behind, socket],
      ] as const) {
        sockets.add(from);
        from.pipe(to);
        from.on('error', () => to.destroy());
        from.on('close', () => to.destroy());
      }
    });
    await new Promise<void>((resolve) => listener?.listen(port, '127.0.0.1', resolve));
    const address = listener.address();
    if (address && typeof address === 'object') port = address.port;
  };
  await mend();
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return {
    url: url.href,
    mend,
    async cut() {
      const closed = new Promise((resolve) => listener?.close(resolve));
      for (const socket of sockets) socket.destroy();
      sockets.clear();
      await closed;
    },
  };
}
