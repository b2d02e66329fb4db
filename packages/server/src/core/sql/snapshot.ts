import type { Database, Db } from './database.ts';
import { rowsOf, Statement, sql } from './statement.ts';

/** Every row of every table, as the columns hold them. For the development server's snapshots, not for backups. */
export type Snapshot = ReadonlyMap<
  string,
  { readonly columns: readonly string[]; readonly rows: readonly unknown[][] }
>;

/** Tables that describe the database itself rather than what it holds. */
const own = new Set(['schema_migrations']);

/** How many rows one insert carries. */
const chunk = 500;

export async function takeSnapshot(db: Database): Promise<Snapshot> {
  return db.transaction(async (tx) => {
    // Otherwise each table is read at its own moment, and a row may point to one that is not there.
    if (tx.engine === 'postgresql') await tx.script('set transaction isolation level repeatable read');
    const tables = new Map<string, { columns: string[]; rows: unknown[][] }>();
    for (const { name, columns } of await listTables(tx)) {
      const selected = columns.map((column, index) => `"${column}" as c${index}`).join(', ');
      const rows = await tx.all(text<Record<string, unknown>>(`select ${selected} from "${name}"`));
      tables.set(name, { columns, rows: rows.map((row) => columns.map((_, index) => row[`c${index}`])) });
    }
    return tables;
  });
}

/** Puts back exactly what the snapshot holds; what came later is gone. */
export async function restoreSnapshot(db: Database, snapshot: Snapshot): Promise<void> {
  await db.transaction(async (tx) => {
    for (const { name, types } of await listTables(tx)) {
      await tx.run(text(`delete from "${name}"`));
      const saved = snapshot.get(name);
      if (!saved) continue;
      const columns = saved.columns.map((column, index) => ({
        name: `c${index}`,
        type: types.get(column) === 'bigint' ? ('bigint' as const) : ('text' as const),
      }));
      const target = saved.columns.map((column) => `"${column}"`).join(', ');
      const source = columns.map((column) => column.name).join(', ');
      for (let at = 0; at < saved.rows.length; at += chunk) {
        const rows = rowsOf('saved', columns, saved.rows.slice(at, at + chunk));
        await tx.run(
          sql`${text(`insert into "${name}" (${target}) select ${source} from `)}${rows}${text(' where true')}`,
        );
      }
    }
  });
}

/** Leaves the tables and takes every row. */
export async function emptyTables(db: Database): Promise<void> {
  await db.transaction(async (tx) => {
    for (const { name } of await listTables(tx)) await tx.run(text(`delete from "${name}"`));
  });
}

interface Table {
  readonly name: string;
  readonly columns: string[];
  readonly types: Map<string, string>;
}

async function listTables(db: Db): Promise<Table[]> {
  const columns = await db.all(
    sql<{ tableName: string; columnName: string; type: string }>`${sql.engine({
      sqlite: `select m.name as table_name, c.name as column_name, c.type as type from sqlite_master m
        join pragma_table_info(m.name) c where m.type = 'table' and m.name not like 'sqlite_%' order by m.name, c.cid`,
      postgresql: `select table_name, column_name, data_type as type from information_schema.columns
        where table_schema = current_schema() order by table_name, ordinal_position`,
    })}`,
  );
  const tables = new Map<string, Table>();
  for (const { tableName, columnName, type } of columns) {
    if (own.has(tableName)) continue;
    const table: Table = tables.get(tableName) ?? { name: tableName, columns: [], types: new Map() };
    tables.set(tableName, table);
    table.columns.push(columnName);
    table.types.set(columnName, type);
  }
  return [...tables.values()];
}

/** Names come from the engine's own catalogue, never from a request. */
const text = <Row = unknown>(content: string): Statement<Row> => new Statement<Row>([{ text: content }]);
