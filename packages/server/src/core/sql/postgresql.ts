import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import pg from 'pg';
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

/** serialization_failure and deadlock_detected: the transaction was undone and may simply run again. */
const retryable = new Set(['40001', '40P01']);
const maxRuns = 4;

/** Connection exceptions, too many connections, shutting down, cannot connect now, statement timeout. */
const unavailable = /^(08|53|57P0|57014)/;

const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    // int8 comes as text by default, because it may exceed 2^53; ours are times in ms and counts.
    oid === 20 ? (value: string) => Number(value) : pg.types.getTypeParser(oid, format as 'text')) as never,
};

/**
 * PostgreSQL through `pg`, with named prepared statements.
 *
 * @param url - `postgres://…`
 * @param options.schema - tables live there instead of `public`; for a throw-away server
 * @param options.maxConnections - at most this many; callers beyond it wait
 */
export function openPostgresql(url: string, options: { schema?: string; maxConnections?: number } = {}): Database {
  return new PostgresqlDatabase(
    new pg.Pool({
      connectionString: url,
      max: options.maxConnections ?? 10,
      connectionTimeoutMillis: statementTimeoutMs,
      idleTimeoutMillis: 30_000,
      statement_timeout: statementTimeoutMs,
      // Commits must be on disk before we answer, whatever the server's default says.
      options: ['-c synchronous_commit=on', ...(options.schema ? [`-c search_path=${options.schema}`] : [])].join(' '),
      types,
    }),
  );
}

const names = new LRUCache<string, string>({ max: 2000 });
const mappers = new LRUCache<string, RowMapper>({ max: 2000 });

function nameOf(text: string): string {
  let name = names.get(text);
  if (!name) {
    name = createHash('sha256').update(text).digest('base64url').slice(0, 22);
    names.set(text, name);
  }
  return name;
}

/**
 * A newer release added a column while this one runs: PostgreSQL refuses the plan it prepared for `select *`. Under
 * another name it is prepared anew, on every connection.
 */
function isStalePlan(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return code === '0A000' && (message ?? '').includes('cached plan');
}

let renewals = 0;

function renewPlan(text: string): void {
  const [hash] = nameOf(text).split('.');
  names.set(text, `${hash}.${++renewals}`);
  mappers.delete(text);
}

type Querying = Pick<pg.Pool | pg.PoolClient, 'query'>;

async function query(
  on: Querying,
  statement: Statement,
): Promise<{ rows: Record<string, unknown>[]; changed: number }> {
  const { text, values } = statement.render('postgresql');
  try {
    const result = await on.query({ name: nameOf(text), text, values: [...values], rowMode: 'array' });
    let map = mappers.get(text);
    if (!map) {
      map = rowMapper((result.fields ?? []).map((field) => field.name));
      mappers.set(text, map);
    }
    return { rows: (result.rows as unknown[][]).map(map), changed: result.rowCount ?? 0 };
  } catch (error) {
    if (isStalePlan(error)) renewPlan(text);
    throw translated(error);
  }
}

/** An outage is told apart from a mistake: it is answered 503, and the caller keeps what it has. */
function translated(error: unknown): unknown {
  const { code, message } = error as { code?: string; message?: string };
  const isOutage =
    (code !== undefined && (unavailable.test(code) || /^E[A-Z]+$/.test(code))) ||
    /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|after calling end on the pool/i.test(
      message ?? '',
    );
  return isOutage ? busy('PostgreSQL cannot be reached or took too long.', error) : error;
}

class PostgresqlDatabase implements Database {
  readonly engine = 'postgresql';
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
    // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
    pool.on('error', () => {});
  }

  async all<Row>(statement: Statement<Row>): Promise<Row[]> {
    return (await this.#query(statement)).rows as Row[];
  }

  async maybeOne<Row>(statement: Statement<Row>): Promise<Row | null> {
    return onlyRow(await this.all(statement));
  }

  async one<Row>(statement: Statement<Row>): Promise<Row> {
    return requiredRow(await this.all(statement));
  }

  async run(statement: Statement): Promise<number> {
    return (await this.#query(statement)).changed;
  }

  afterCommit(then: () => void): void {
    then();
  }

  async #query(statement: Statement): ReturnType<typeof query> {
    assertOutsideTransaction(this);
    this.#assertRoom();
    return query(this.#pool, statement).catch((error: unknown) => {
      if (isStalePlan(error)) return query(this.#pool, statement);
      throw error;
    });
  }

  #assertRoom(): void {
    if (this.#pool.waitingCount >= maxWaiting) throw busy(`${maxWaiting} callers are waiting already.`);
  }

  async transaction<T>(body: (tx: Db) => Promise<T>): Promise<T> {
    assertOutsideTransaction(this);
    this.#assertRoom();
    for (let run = 1; ; run++) {
      try {
        return await this.#once(body);
      } catch (error) {
        const mayRunAgain = retryable.has((error as { code?: string }).code ?? '') || isStalePlan(error);
        if (run === maxRuns || !mayRunAgain) throw error;
      }
    }
  }

  async #once<T>(body: (tx: Db) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect().catch((error: unknown) => {
      throw translated(error);
    });
    const tx = new PostgresqlTransaction(client);
    let broken: Error | undefined;
    const onError = (error: Error): void => {
      broken = error;
    };
    // The pool listens only while it holds the connection, and an error nobody listens to would end the process.
    client.on('error', onError);
    let value: T;
    try {
      await client.query('begin');
      value = await insideTransaction(this, () => body(tx));
      const { command } = await client.query('commit');
      // What PostgreSQL answers when a statement failed in here and its error went no further.
      if (command !== 'COMMIT') throw new Error('A statement of this transaction failed, so nothing was committed.');
    } catch (error) {
      // A connection that cannot roll back is in an unknown state and must not serve the next caller.
      await client.query('rollback').catch(onError);
      throw translated(error);
    } finally {
      tx.end();
      client.off('error', onError);
      client.release(broken);
    }
    runCommitted(tx.committed);
    return value;
  }

  async script(text: string): Promise<void> {
    await this.#pool.query(text).catch((error: unknown) => {
      throw translated(error);
    });
  }

  async close(): Promise<void> {
    if (!this.#pool.ended) await this.#pool.end();
  }
}

class PostgresqlTransaction implements Db {
  readonly engine = 'postgresql';
  readonly committed: (() => void)[] = [];
  readonly #client: pg.PoolClient;
  #ended = false;

  constructor(client: pg.PoolClient) {
    this.#client = client;
  }

  end(): void {
    this.#ended = true;
  }

  #assertOpen(): void {
    if (this.#ended) throw new Error('This transaction has ended: something in it was not awaited.');
  }

  #query(statement: Statement): ReturnType<typeof query> {
    this.#assertOpen();
    return query(this.#client, statement);
  }

  async all<Row>(statement: Statement<Row>): Promise<Row[]> {
    return (await this.#query(statement)).rows as Row[];
  }

  async maybeOne<Row>(statement: Statement<Row>): Promise<Row | null> {
    return onlyRow(await this.all(statement));
  }

  async one<Row>(statement: Statement<Row>): Promise<Row> {
    return requiredRow(await this.all(statement));
  }

  async run(statement: Statement): Promise<number> {
    return (await this.#query(statement)).changed;
  }

  async script(text: string): Promise<void> {
    this.#assertOpen();
    await this.#client.query(text);
  }

  afterCommit(then: () => void): void {
    this.committed.push(then);
  }
}
