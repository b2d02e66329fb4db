import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { LRUCache } from 'lru-cache';
import {
  assertOutsideTransaction,
  busy,
  type Database,
  type Db,
  insideTransaction,
  maxWaiting,
  onlyRow,
  requiredRow,
  runCommitted,
  statementTimeoutMs,
} from './database.ts';
import { type RowMapper, rowMapper } from './rows.ts';
import type { Statement } from './statement.ts';

/** Callers that share one commit, and so one fsync. */
const maxGroup = 64;

/** How long a write waits for others to share its commit, where there have been others lately. */
const gatherMs = 1;
/** So many commits with a single caller, and nobody is waited for any more: whoever writes one by one gains nothing. */
const patience = 16;

interface Prepared {
  readonly statement: StatementSync;
  readonly isRead: boolean;
  readonly map: RowMapper | null;
}

interface Waiting {
  readonly body: (tx: Db) => Promise<unknown>;
  /** One statement undoes itself when it fails; a body of several needs a savepoint. */
  readonly isSingle: boolean;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly since: number;
}

/**
 * SQLite inside this process: write-ahead log, `synchronous=FULL`, one connection that writes and one that reads.
 *
 * Writers queue up and those who come at about the same time share one commit (group commit), because each commit is an
 * fsync. A promise resolves only after the commit that made its work durable.
 *
 * @param path - a file, or `:memory:` for a database that ends with the process
 */
export function openSqlite(path: string): Database {
  return new SqliteDatabase(path);
}

class Connection {
  readonly database: DatabaseSync;
  readonly #prepared = new LRUCache<string, Prepared>({ max: 500 });

  constructor(path: string, readOnly: boolean) {
    this.database = new DatabaseSync(path, { readOnly, timeout: statementTimeoutMs });
    this.database.exec('pragma cache_size = -16000; pragma temp_store = memory;');
  }

  prepare(text: string): Prepared {
    const known = this.#prepared.get(text);
    if (known) return known;
    const statement = this.database.prepare(text);
    statement.setReturnArrays(true);
    const columns = statement.columns().map((column) => column.name);
    const prepared = {
      statement,
      isRead: isRead(text),
      map: columns.length > 0 ? rowMapper(columns) : null,
    };
    this.#prepared.set(text, prepared);
    return prepared;
  }

  all<Row>(statement: Statement<Row>): Row[] {
    const { text, values } = statement.render('sqlite');
    const { statement: prepared, map } = this.prepare(text);
    const rows = prepared.all(...(values as (string | number | null)[])) as unknown as unknown[][];
    return map ? (rows.map(map) as Row[]) : [];
  }

  run(statement: Statement): number {
    const { text, values } = statement.render('sqlite');
    return Number(this.prepare(text).statement.run(...(values as (string | number | null)[])).changes);
  }
}

const isRead = (text: string): boolean => /^\s*select\b/i.test(text);

class SqliteDatabase implements Database {
  readonly engine = 'sqlite';
  readonly #writer: Connection;
  /** Null in memory, where a second connection would be a second database: reads wait for the open transaction. */
  readonly #reader: Connection | null;
  #queue: Waiting[] = [];
  #draining = false;
  /** Commits until a write does not wait for company; 0: it does not. */
  #patience = 0;
  #closed = false;

  constructor(path: string) {
    this.#writer = new Connection(path, false);
    if (path === ':memory:') {
      this.#reader = null;
    } else {
      this.#writer.database.exec('pragma journal_mode = wal; pragma synchronous = full;');
      this.#reader = new Connection(path, false);
      this.#reader.database.exec('pragma query_only = on;');
    }
  }

  async all<Row>(statement: Statement<Row>): Promise<Row[]> {
    assertOutsideTransaction(this);
    if (this.#closed) throw busy('The database is closed.');
    const text = statement.render('sqlite').text;
    if (!isRead(text)) return this.#enqueue(true, (tx) => tx.all(statement));
    if (this.#reader) return this.#reader.all(statement);
    return this.#draining ? this.#enqueue(true, (tx) => tx.all(statement)) : this.#writer.all(statement);
  }

  async maybeOne<Row>(statement: Statement<Row>): Promise<Row | null> {
    return onlyRow(await this.all(statement));
  }

  async one<Row>(statement: Statement<Row>): Promise<Row> {
    return requiredRow(await this.all(statement));
  }

  async run(statement: Statement): Promise<number> {
    assertOutsideTransaction(this);
    return this.#enqueue(true, (tx) => tx.run(statement));
  }

  afterCommit(then: () => void): void {
    then();
  }

  async transaction<T>(body: (tx: Db) => Promise<T>): Promise<T> {
    assertOutsideTransaction(this);
    return this.#enqueue(false, (tx) => insideTransaction(this, () => body(tx)));
  }

  async script(text: string): Promise<void> {
    await this.#enqueue(false, (tx) => tx.script(text));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    while (this.#draining) await new Promise((resolve) => setImmediate(resolve));
    this.#closed = true;
    this.#reader?.database.close();
    this.#writer.database.close();
  }

  #enqueue<T>(isSingle: boolean, body: (tx: Db) => Promise<T>): Promise<T> {
    if (this.#closed) throw busy('The database is closed.');
    if (this.#queue.length >= maxWaiting) throw busy(`${maxWaiting} writers are waiting already.`);
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ body, isSingle, resolve: resolve as (value: unknown) => void, reject, since: Date.now() });
      if (this.#draining) return;
      this.#draining = true;
      if (this.#patience > 0) setTimeout(() => void this.#drain(), gatherMs);
      else setImmediate(() => void this.#drain());
    });
  }

  async #drain(): Promise<void> {
    // Those who found nobody writing waited for this process alone, and a refusal would not make that any shorter.
    for (let isFirst = true; this.#queue.length > 0; isFirst = false) {
      const group = this.#queue.splice(0, maxGroup);
      // In memory a commit costs nothing worth waiting for.
      if (this.#reader) this.#patience = group.length > 1 ? patience : Math.max(0, this.#patience - 1);
      const stale = isFirst ? [] : group.filter((waiting) => Date.now() - waiting.since > statementTimeoutMs);
      for (const waiting of stale) waiting.reject(busy('Waited too long for its turn to write.'));
      await this.#commitTogether(group.filter((waiting) => !stale.includes(waiting)));
    }
    this.#draining = false;
  }

  async #commitTogether(group: readonly Waiting[]): Promise<void> {
    const { database } = this.#writer;
    const done: { waiting: Waiting; value: unknown; committed: (() => void)[] }[] = [];
    try {
      database.exec('begin immediate');
      for (const waiting of group) {
        const tx = new SqliteTransaction(this.#writer);
        const guarded = !waiting.isSingle;
        try {
          if (guarded) database.exec('savepoint body');
          const value = await waiting.body(tx);
          if (guarded) database.exec('release body');
          done.push({ waiting, value, committed: tx.committed });
        } catch (error) {
          // A full disk, for one, makes SQLite undo the whole group, and what follows would commit on its own.
          if (!database.isTransaction) throw error;
          if (guarded) database.exec('rollback to body; release body');
          waiting.reject(error);
        } finally {
          tx.end();
        }
      }
      database.exec('commit');
    } catch (error) {
      // Nothing of this group is durable, so nobody may be told that it is.
      if (database.isTransaction) database.exec('rollback');
      for (const waiting of group) waiting.reject(busy('The commit failed.', error));
      return;
    }
    for (const { waiting, value, committed } of done) {
      runCommitted(committed);
      waiting.resolve(value);
    }
  }
}

class SqliteTransaction implements Db {
  readonly engine = 'sqlite';
  readonly committed: (() => void)[] = [];
  readonly #connection: Connection;
  #ended = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  end(): void {
    this.#ended = true;
  }

  #open(): Connection {
    if (this.#ended) throw new Error('This transaction has ended: something in it was not awaited.');
    return this.#connection;
  }

  async all<Row>(statement: Statement<Row>): Promise<Row[]> {
    return this.#open().all(statement);
  }

  async maybeOne<Row>(statement: Statement<Row>): Promise<Row | null> {
    return onlyRow(this.#open().all(statement));
  }

  async one<Row>(statement: Statement<Row>): Promise<Row> {
    return requiredRow(this.#open().all(statement));
  }

  async run(statement: Statement): Promise<number> {
    return this.#open().run(statement);
  }

  async script(text: string): Promise<void> {
    this.#open().database.exec(text);
  }

  afterCommit(then: () => void): void {
    this.committed.push(then);
  }
}
