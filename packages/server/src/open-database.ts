import type { Closing } from './closing.ts';
import {
  type Database,
  MigrationRefused,
  migrate,
  openPostgresql,
  openSqlite,
  randomBase62,
  sql,
} from './core/index.ts';
import { StartError } from './start-error.ts';

export interface DatabaseOptions {
  /** Null: what is written goes away at the end. */
  readonly dataDir: string | null;
  readonly databaseUrl?: string | undefined;
  readonly database?: Database | undefined;
}

/**
 * The embedded database, or a PostgreSQL that answers. Without a data directory PostgreSQL gets a schema of its own,
 * which is dropped at the end.
 *
 * @param file - of the embedded database, or `:memory:`
 * @throws {StartError} when the address is not PostgreSQL's, or nothing answers there
 */
export async function openDatabase(
  { database, databaseUrl, dataDir }: DatabaseOptions,
  file: string,
  closing: Closing,
): Promise<Database> {
  if (database) {
    closing.push(() => database.close());
    return database;
  }
  if (databaseUrl === undefined) {
    const db = openSqlite(file);
    closing.push(() => db.close());
    return db;
  }
  assertPostgresUrl(databaseUrl);
  if (dataDir !== null) {
    const db = openPostgresql(databaseUrl);
    closing.push(() => db.close());
    await assertReachable(db);
    return db;
  }
  return openPassingSchema(databaseUrl, closing);
}

async function openPassingSchema(databaseUrl: string, closing: Closing): Promise<Database> {
  const schema = `authkit_${randomBase62(12).toLowerCase()}`;
  const outside = openPostgresql(databaseUrl, { maxConnections: 1 });
  closing.push(() => outside.close());
  await assertReachable(outside);
  await outside.script(`create schema ${schema}`);
  const db = openPostgresql(databaseUrl, { schema });
  closing.push(() => outside.script(`drop schema if exists ${schema} cascade`));
  closing.push(() => db.close());
  return db;
}

/** The address itself is not repeated: it may hold a password. */
function assertPostgresUrl(address: string): void {
  if (/^postgres(ql)?:\/\//.test(address) && URL.canParse(address)) return;
  throw new StartError(
    'DATABASE_URL is not a postgres:// address. Write postgres://user:password@host:5432/database, or unset it to use the embedded database.',
  );
}

async function assertReachable(db: Database): Promise<void> {
  try {
    await db.one(sql`select 1 as ok`);
  } catch (error) {
    const cause = (error as { cause?: Error }).cause ?? (error as Error);
    throw new StartError(
      `PostgreSQL cannot be reached (${cause.message || (cause as { code?: string }).code}). Check DATABASE_URL, or unset it to use the embedded database.`,
    );
  }
}

/** @throws {StartError} when the tables cannot become those of this program */
export async function migrated(db: Database, now: () => Date): Promise<void> {
  try {
    await migrate(db, now);
  } catch (error) {
    throw error instanceof MigrationRefused ? new StartError(error.message) : error;
  }
}
