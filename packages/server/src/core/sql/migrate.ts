import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Database, Db } from './database.ts';
import { sql } from './statement.ts';

const migrationsDir = fileURLToPath(new URL('../../../migrations/', import.meta.url));

interface Migration {
  readonly version: string;
  readonly text: string;
  readonly checksum: string;
}

/** The numbered files of `migrations/`, in order. They are never edited once merged. */
export async function readMigrations(): Promise<Migration[]> {
  const files = (await readdir(migrationsDir)).filter((name) => /^\d{4}_.+\.sql$/.test(name)).sort();
  return Promise.all(
    files.map(async (name) => {
      const text = await readFile(join(migrationsDir, name), 'utf8');
      return { version: name.replace(/\.sql$/, ''), text, checksum: createHash('sha256').update(text).digest('hex') };
    }),
  );
}

/** Why these tables and this program do not go together. */
export class MigrationRefused extends Error {
  override readonly name = 'MigrationRefused';
}

/**
 * Brings the tables up to date, all the way or not at all. One migrator at a time: the others wait for its transaction
 * and then find nothing to do.
 *
 * @throws {MigrationRefused} when a merged migration was edited, or the database is newer than this program
 */
export async function migrate(db: Database, now: () => Date): Promise<void> {
  const migrations = await readMigrations();
  await db.transaction(async (tx) => {
    await waitForTurn(tx);
    await tx.script(
      'create table if not exists schema_migrations (version text primary key, checksum text not null, applied_at bigint not null);',
    );
    const known = new Map((await tx.all(applied)).map((row) => [row.version, row.checksum]));
    assertFitting(migrations, known);
    for (const { version, text, checksum } of migrations) {
      if (known.has(version)) continue;
      await tx.script(forEngine(text, tx.engine));
      await tx.run(
        sql`insert into schema_migrations (version, checksum, applied_at) values (${version}, ${checksum}, ${now()})`,
      );
    }
  });
}

/** SQLite has one writer at a time anyway. A large table takes longer to change than a request may. */
async function waitForTurn(tx: Db): Promise<void> {
  if (tx.engine === 'sqlite') return;
  await tx.script('set local statement_timeout = 0');
  await tx.script('select pg_advisory_xact_lock(4100)');
}

function assertFitting(migrations: readonly Migration[], known: ReadonlyMap<string, string>): void {
  const ours = new Map(migrations.map(({ version, checksum }) => [version, checksum]));
  for (const [version, checksum] of known) {
    const own = ours.get(version);
    if (own === undefined)
      throw new MigrationRefused(
        `The database was migrated by another release, most likely a newer one (${version}). Start that release instead.`,
      );
    if (own !== checksum)
      throw new MigrationRefused(
        `Migration ${version} was edited after it ran here. Restore the file and add a new migration.`,
      );
  }
}

const applied = sql<{
  version: string;
  checksum: string;
}>`select version, checksum from schema_migrations order by version`;

/** `collate bytewise` orders text by its bytes on both engines: prefix searches and cursors rely on it. */
export function forEngine(text: string, engine: Database['engine']): string {
  return text.replaceAll('collate bytewise', engine === 'sqlite' ? 'collate binary' : 'collate "C"');
}
