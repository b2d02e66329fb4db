import assert from 'node:assert/strict';
import { it } from 'node:test';
import { onEachEngine } from '../../../test/engines.ts';
import type { Db } from './database.ts';
import { emptyTables, restoreSnapshot, takeSnapshot } from './snapshot.ts';
import { sql } from './statement.ts';

/** A table with what is easily lost on the way: nulls, numbers beyond 32 bits, JSON that must stay text, odd names. */
const table = `create table odd_values (id text primary key, "order" bigint, at bigint, data_json text, is_on bigint);`;

const fill = (db: Db, id: string, order: number | null, data: string | null) =>
  db.run(sql`insert into odd_values (id, "order", at, data_json, is_on)
    values (${id}, ${order}, ${2 ** 45}, ${data}, ${order === null ? null : true})`);

const read = (db: Db) =>
  db.all(sql`select id, "order", at as n, data_json as raw, is_on as flag from odd_values order by id`);

onEachEngine('snapshots', (open) => {
  it('puts back exactly what was there, and nothing that came later', async () => {
    await using services = await open();
    const { db } = services;
    await db.script(table);
    await fill(db, 'a', 2 ** 53 - 1, '{ "spaced":  [1, "é😀\\u0007", null] }');
    await fill(db, 'b', null, null);
    await fill(db, '7', -5, '"7"');
    await fill(db, `it's`, 0, '');
    const before = await read(db);

    const snapshot = await takeSnapshot(db);
    await db.run(sql`update odd_values set data_json = 'changed', "order" = 1`);
    await fill(db, 'later', 9, null);
    await db.run(sql`delete from odd_values where id = 'b'`);
    await restoreSnapshot(db, snapshot);

    assert.deepEqual(await read(db), before);
    await restoreSnapshot(db, snapshot);
    assert.deepEqual(await read(db), before);
  });

  it('carries more rows than one statement takes', async () => {
    await using services = await open();
    const { db } = services;
    await db.script(table);
    await db.transaction(async (tx) => {
      for (let n = 0; n < 1203; n++) await fill(tx, `row ${n}`, n, null);
    });
    const snapshot = await takeSnapshot(db);
    await emptyTables(db);
    assert.deepEqual(await read(db), []);
    await restoreSnapshot(db, snapshot);
    assert.deepEqual(await db.one(sql`select count(*) as n, max("order") as top from odd_values`), {
      n: 1203,
      top: 1202,
    });
  });

  it('empties a table the snapshot knew as empty, and leaves what describes the database itself', async () => {
    await using services = await open();
    const { db } = services;
    await db.script(table);
    const snapshot = await takeSnapshot(db);
    const migrations = await db.all(sql`select version from schema_migrations order by version`);
    await fill(db, 'a', 1, null);
    await restoreSnapshot(db, snapshot);
    assert.deepEqual(await read(db), []);
    await fill(db, 'a', 1, null);
    await emptyTables(db);
    assert.deepEqual(await read(db), []);
    assert.deepEqual(await db.all(sql`select version from schema_migrations order by version`), migrations);
  });

  it('is one moment, however much is written meanwhile', async () => {
    await using services = await open();
    const { db } = services;
    await db.script('create table a_parents (id text primary key); create table z_children (id text primary key);');
    let stop = false;
    const writing = (async () => {
      for (let n = 0; !stop && n < 400; n++)
        await db.transaction(async (tx) => {
          await tx.run(sql`insert into a_parents values (${String(n)})`);
          await tx.run(sql`insert into z_children values (${String(n)})`);
        });
    })();
    for (let n = 0; n < 8; n++) {
      const snapshot = await takeSnapshot(db);
      assert.equal(snapshot.get('a_parents')?.rows.length, snapshot.get('z_children')?.rows.length);
    }
    stop = true;
    await writing;
  });
});
