import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from './database.ts';
import { sql } from './statement.ts';

const migrationsDir = new URL('../../../migrations/', import.meta.url).pathname;

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

/**
 * Brings the tables up to date. One migrator at a time: the others wait for its transaction and then find nothing to
 * do.
 *
 * @throws {Error} when a merged migration was edited, or the database is newer than this program
 */
export async function migrate(db: Database, now: () => Date): Promise<void> {
  const migrations = await readMigrations();
  await db.script(
    'create table if not exists schema_migrations (version text primary key, checksum text not null, applied_at bigint not null);',
  );
  const known = new Map((await db.all(applied)).map((row) => [row.version, row.checksum]));
  const newest = migrations.at(-1)?.version ?? '';
  for (const version of known.keys()) {
    if (version > newest)
      throw new Error(`The database was migrated by a newer release (${version}). Start that release instead.`);
  }
  for (const { version, checksum } of migrations) {
    const before = known.get(version);
    if (before !== undefined && before !== checksum) {
      throw new Error(`Migration ${version} was edited after it ran here. Restore the file and add a new migration.`);
    }
  }
  if (migrations.every(({ version }) => known.has(version))) return;
  await db.script(
    upgradeScript(
      migrations.filter(({ version }) => !known.has(version)),
      db.engine,
      now(),
    ),
  );
}

const applied = sql<{
  version: string;
  checksum: string;
}>`select version, checksum from schema_migrations order by version`;

function upgradeScript(pending: readonly Migration[], engine: Database['engine'], at: Date): string {
  const steps = pending.map(
    ({ version, text, checksum }) =>
      `${forEngine(text, engine)}\ninsert into schema_migrations values ('${version}', '${checksum}', ${at.getTime()});`,
  );
  if (engine === 'sqlite') return steps.join('\n');
  // A simple query of several statements is one transaction in PostgreSQL.
  return `select pg_advisory_xact_lock(4100);\n${steps.join('\n')}`;
}

/** `collate bytewise` orders text by its bytes on both engines: prefix searches and cursors rely on it. */
export function forEngine(text: string, engine: Database['engine']): string {
  return text.replaceAll('collate bytewise', engine === 'sqlite' ? 'collate binary' : 'collate "C"');
}
