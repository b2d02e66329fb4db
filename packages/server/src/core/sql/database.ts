import { AsyncLocalStorage } from 'node:async_hooks';
import { Unavailable } from '../errors.ts';
import type { EngineName, Statement } from './statement.ts';

/** Where SQL goes: the database itself, or one open transaction on it. Store functions take this. */
export interface Db {
  readonly engine: EngineName;
  all<Row>(statement: Statement<Row>): Promise<Row[]>;
  /** The only row, or null. More than one is a mistake in the statement and throws. */
  maybeOne<Row>(statement: Statement<Row>): Promise<Row | null>;
  /** The only row; throws when there is none. For what must exist. */
  one<Row>(statement: Statement<Row>): Promise<Row>;
  /** Runs a write. @returns how many rows it changed */
  run(statement: Statement): Promise<number>;
  /** Several statements at once, without values: migrations. */
  script(text: string): Promise<void>;
  /** Runs once what is written here is durable; at once when there is no transaction. */
  afterCommit(then: () => void): void;
}

export interface Database extends Db {
  /**
   * All or nothing. It is durable when the promise resolves. The body must use the handle it is given, and must not
   * wait for anything but the database: other writers wait for it. It may run again after a deadlock.
   */
  transaction<T>(body: (tx: Db) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Longest a statement may run, or wait for its turn, in milliseconds. */
export const statementTimeoutMs = 5000;

/** Writers and readers waiting at most; beyond it the answer is 503 rather than an ever longer queue. */
export const maxWaiting = 2000;

const open = new AsyncLocalStorage<{ readonly database: Database; ended: boolean }>();

/**
 * Marks the code that runs inside a transaction. Using the database itself in there would wait for the transaction
 * that waits for it, so it is refused with a message that says what to write instead.
 */
export function insideTransaction<T>(database: Database, body: () => Promise<T>): Promise<T> {
  const mark = { database, ended: false };
  return open.run(mark, () =>
    body().finally(() => {
      mark.ended = true;
    }),
  );
}

export function assertOutsideTransaction(database: Database): void {
  const mark = open.getStore();
  if (mark && mark.database === database && !mark.ended)
    throw new Error('Inside a transaction use the handle it gave you, not the database.');
}

/** The work is durable whatever these do: one that throws must not make its caller believe that nothing happened. */
export function runCommitted(callbacks: readonly (() => void)[]): void {
  for (const then of callbacks) {
    try {
      then();
    } catch (error) {
      process.emitWarning(error as Error);
    }
  }
}

export function onlyRow<Row>(rows: readonly Row[]): Row | null {
  if (rows.length > 1) throw new Error(`Expected at most one row, got ${rows.length}.`);
  return rows[0] ?? null;
}

export function requiredRow<Row>(rows: readonly Row[]): Row {
  const row = onlyRow(rows);
  if (row === null) throw new Error('Expected a row, got none.');
  return row;
}

/** SQLITE_CONSTRAINT_UNIQUE, SQLITE_CONSTRAINT_PRIMARYKEY; PostgreSQL's unique_violation. */
export function isUniqueViolation(error: unknown): boolean {
  const { errcode, code } = error as { errcode?: number; code?: string };
  return errcode === 2067 || errcode === 1555 || code === '23505';
}

export function busy(detail: string, cause?: unknown): Unavailable {
  return new Unavailable(cause, detail);
}
