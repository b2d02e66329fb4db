/**
 * PostgreSQL databases that serve one test after another. Making one with all our tables takes hundreds of files and half
 * a second, emptying one some milliseconds; so what a test gives back is emptied and kept for the next, in any test file.
 */
import { createHash } from 'node:crypto';
import type pg from 'pg';
import { migrate, openPostgresql } from '../src/core/index.ts';
import { readMigrations } from '../src/core/sql/migrate.ts';
import { addressOf, administer, dropDatabase, idlePrefix, listDatabases, newName, testedServer } from './postgres.ts';

export interface MigratedPostgres {
  readonly url: string;
  /** Ends what is still connected. A test that changed tables costs its database; rows never do. */
  giveBack(): Promise<void>;
}

const END_TIMEOUT_MS = 10_000;

/**
 * A database with every migration applied and no row.
 *
 * @returns null when this run leaves PostgreSQL out or no server can be had; then one line has said why
 */
export async function migratedPostgres(): Promise<MigratedPostgres | null> {
  const server = await testedServer();
  if (server === null) return null;
  const name = newName();
  if (!(await administer(server, (client) => takeIdle(client, name)))) await makeMigrated(server, name);
  return { url: addressOf(server, name), giveBack: () => giveBack(server, name) };
}

/** By what the tables are made of, so that nobody is handed those of another revision. */
const idleNow = async (): Promise<string> => `${idlePrefix}${digest(await readMigrations())}_`;

const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);

/** Whoever renames it has it: test files run at the same time. */
async function takeIdle(client: pg.Client, name: string): Promise<boolean> {
  for (const idle of await listDatabases(client, await idleNow())) {
    try {
      await client.query(`alter database ${idle} rename to ${name}`);
      return true;
    } catch {
      // Another was quicker with this one.
    }
  }
  return false;
}

/** It carries what its tables look like: whoever gives it back can tell whether they still do. */
async function makeMigrated(server: string, name: string): Promise<void> {
  await administer(server, (client) => client.query(`create database ${name}`));
  const url = addressOf(server, name);
  const db = openPostgresql(url, { maxConnections: 1 });
  try {
    await migrate(db, () => new Date());
  } finally {
    await db.close();
  }
  await administer(url, async (client) => {
    await client.query(`comment on database ${name} is '${digest(await tablesAndIndexes(client))}'`);
  });
}

async function giveBack(server: string, name: string): Promise<void> {
  const isEmpty = await administer(addressOf(server, name), empty);
  if (!isEmpty) return dropDatabase(server, name);
  const idle = `${await idleNow()}${newName().slice(-8)}`;
  await administer(server, (client) => client.query(`alter database ${name} rename to ${idle}`));
}

/** @returns false when its tables are not those it was made with */
async function empty(client: pg.Client): Promise<boolean> {
  // A server that was killed or not closed may have a write under way.
  await client.query(
    `select pg_terminate_backend(pid, $1) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`,
    [END_TIMEOUT_MS],
  );
  const relations = await tablesAndIndexes(client);
  const { rows } = await client.query<{ made: string | null }>(
    "select shobj_description(oid, 'pg_database') as made from pg_database where datname = current_database()",
  );
  if (rows[0]?.made !== digest(relations)) return false;
  const tables = relations.filter(({ kind, name }) => kind === 'r' && name !== 'schema_migrations');
  await client.query(tables.map(({ name }) => `delete from "${name}"`).join(';'));
  return true;
}

async function tablesAndIndexes(client: pg.Client): Promise<{ kind: string; name: string; columns: string }[]> {
  const { rows } = await client.query(
    `select c.relkind as kind, c.relname as name, string_agg(a.attname || ' ' || a.atttypid, ',' order by a.attnum) as columns
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
      where c.relnamespace = 'public'::regnamespace
      group by c.relkind, c.relname order by c.relkind, c.relname`,
  );
  return rows;
}
