/** SQL on two engines: one template, one migration set, one way to ask. */
export { batched } from './batch.ts';
export { type Database, type Db, isUniqueViolation } from './database.ts';
export { MigrationRefused, migrate } from './migrate.ts';
export { openPostgresql } from './postgresql.ts';
export { emptyTables, restoreSnapshot, type Snapshot, takeSnapshot } from './snapshot.ts';
export { openSqlite } from './sqlite.ts';
export { anyOf, json, rowsOf, Statement, skipLocked, sql } from './statement.ts';
