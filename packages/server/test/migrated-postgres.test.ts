import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import { type MigratedPostgres, migratedPostgres } from './migrated-postgres.ts';
import {
  administer,
  dropIdlePostgres,
  findPostgres,
  type PostgresServer,
  startPostgres,
  testedEngines,
} from './postgres.ts';

const isPossible = testedEngines().includes('postgresql') && findPostgres() !== null;

describe('a database that served another test', { skip: !isPossible && 'no PostgreSQL here' }, () => {
  // A server of its own: in the one of the run other test files take and give at the same time.
  let server: PostgresServer;
  before(async () => {
    server = await startPostgres();
    process.env.AUTHKIT_TEST_DATABASE_URL = server.url;
  });
  after(() => server[Symbol.asyncDispose]());

  const take = async (): Promise<MigratedPostgres> => (await migratedPostgres()) ?? assert.fail('no PostgreSQL');
  const query = async ({ url }: { url: string }, text: string): Promise<unknown[]> =>
    (await administer(url, (client) => client.query(text))).rows;
  /** Stays when the database gets another name. */
  const identityOf = (database: MigratedPostgres) =>
    query(database, 'select oid from pg_database where datname = current_database()');
  const insert = "insert into counters (id, count, ends_at) values ('a', 1, 1)";
  const counters = (database: MigratedPostgres) => query(database, 'select id from counters');

  it('has its tables and migrations, and no row', async () => {
    const first = await take();
    const [identity, migrations] = [await identityOf(first), await query(first, 'select * from schema_migrations')];
    await query(first, insert);
    await first.giveBack();

    const second = await take();
    assert.deepEqual(await identityOf(second), identity);
    assert.deepEqual(await counters(second), []);
    assert.deepEqual(await query(second, 'select * from schema_migrations'), migrations);
    await second.giveBack();
  });

  it('is not reached by what the other test left connected', async () => {
    const first = await take();
    const left = new pg.Client({ connectionString: first.url });
    // Told twice: by the server, and by the connection that ends.
    left.on('error', () => {});
    const ended = new Promise((resolve) => left.once('end', resolve));
    await left.connect();
    await left.query('begin');
    await left.query(insert);
    await first.giveBack();
    await ended;
    await assert.rejects(left.query('commit'));

    const second = await take();
    assert.deepEqual(await counters(second), []);
    await second.giveBack();
  });

  it('is nobody else’s meanwhile', async () => {
    const taken = await Promise.all([take(), take(), take()]);
    const identities = new Set((await Promise.all(taken.map(identityOf))).map((rows) => JSON.stringify(rows)));
    assert.equal(identities.size, 3);
    for (const database of taken) await database.giveBack();
  });

  for (const change of [
    'alter table counters add column more text',
    'create table more (id text)',
    'drop index events_by_name',
  ]) {
    it(`is gone after: ${change}`, async () => {
      const first = await take();
      const identity = await identityOf(first);
      await query(first, change);
      await first.giveBack();

      const second = await take();
      assert.notDeepEqual(await identityOf(second), identity);
      await second.giveBack();
    });
  }

  it('is taken out of a server that is not ours', async () => {
    await (await take()).giveBack();
    const databases = () => query(server, "select datname from pg_database where datname like 'authkit%'");
    assert.ok((await databases()).length > 0);
    await dropIdlePostgres(server.url);
    assert.deepEqual(await databases(), []);
  });
});
