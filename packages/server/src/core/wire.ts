import { z } from 'zod';
import { InvalidRequestParameters } from './errors.ts';
import { type Statement, sql } from './sql/index.ts';

/** ISO 8601 in UTC with milliseconds, as every time on the wire. */
export const timestamp = z.string().describe('ISO 8601, UTC, milliseconds.');
export const toTimestamp = (at: Date): string => at.toISOString();
export const toTimestampOrNull = (at: Date | null): string | null => at?.toISOString() ?? null;

/** Text as a column can hold it: PostgreSQL has no NUL, and half a surrogate pair is no letter. */
export const text = (max: number) =>
  z
    .string()
    .max(max)
    .refine((value) => !value.includes('\0') && value.isWellFormed(), 'contains characters that are not text.');

/** Invisible, or turning around what stands beside it: part of no name that other people read. */
const unreadable = /[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u;

/** A name in one line, with at least one character that shows. */
export const nameText = (max: number) =>
  text(max)
    .refine((value) => value.trim() !== '', 'should not be empty.')
    .refine((value) => !unreadable.test(value), 'contains line breaks or invisible characters.');

/**
 * Several values in a query, as SDKs send them: the name repeated, with or without `[]`, or one value with commas.
 *
 * @param item - what each of them is to be
 */
export const several = <S extends z.ZodType>(item: S) =>
  z.preprocess(
    (sent) => (typeof sent === 'string' ? sent.split(',').filter((value) => value !== '') : sent),
    z.array(item).max(100).optional(),
  );

/** Query parameters of every list. */
export const pageQuery = {
  before: z.string().optional().describe('An id of the list: the page before it.'),
  after: z.string().optional().describe('An id of the list: the page after it.'),
  limit: z.coerce.number().int().min(1).max(100).default(10).describe('1 to 100; 10 when not given.'),
  order: z.enum(['normal', 'desc', 'asc']).default('desc').describe('By creation; newest first when not given.'),
};

export interface PageQuery {
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
  readonly order: 'normal' | 'desc' | 'asc';
}

/** The envelope of a list. */
export const listOf = <S extends z.ZodType>(item: S) =>
  z.object({
    object: z.literal('list'),
    data: z.array(item),
    list_metadata: z.object({ before: z.string().nullable(), after: z.string().nullable() }),
  });

export interface Listed {
  readonly id: string;
  readonly createdAt: Date;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly before: string | null;
  readonly after: string | null;
}

export const toList = <Row, Wire>({ rows, before, after }: Page<Row>, toWire: (row: Row) => Wire) => ({
  object: 'list' as const,
  data: rows.map(toWire),
  list_metadata: { before, after },
});

/** What a list is in order of; no two of its rows are at the same place. */
export interface ListOrder<Cursor> {
  readonly ascending: Statement;
  readonly descending: Statement;
  readonly columns: Statement;
  placeOf(row: Cursor): Statement;
}

const byCreation: ListOrder<Listed> = {
  ascending: sql`created_at, id`,
  descending: sql`created_at desc, id desc`,
  columns: sql`(created_at, id)`,
  placeOf: ({ createdAt, id }) => sql`(${createdAt}, ${id})`,
};

/**
 * One page of rows in creation order, by keyset: the cost does not grow with how far one has paged.
 *
 * @param find - the row a cursor names, within the same list
 * @param select - rows for a condition, an order and a limit
 * @throws {InvalidRequestParameters} when a cursor is not an id of this list
 */
export const pageOf = <Row extends Listed>(
  query: PageQuery,
  find: (id: string) => Promise<Listed | null>,
  select: (where: Statement, order: Statement, limit: number) => Promise<Row[]>,
): Promise<Page<Row>> => pageBy(byCreation, query, find, select);

/** The same in another order. */
export async function pageBy<Cursor, Row extends { readonly id: string }>(
  { ascending, descending, columns, placeOf }: ListOrder<Cursor>,
  query: PageQuery,
  find: (id: string) => Promise<Cursor | null>,
  select: (where: Statement, order: Statement, limit: number) => Promise<Row[]>,
): Promise<Page<Row>> {
  if (query.before !== undefined && query.after !== undefined) {
    throw new InvalidRequestParameters([
      { code: 'cursor_ambiguous', message: "Send 'before' or 'after', not both.", field: 'after' },
    ]);
  }
  const cursor = await cursorOf(query, find);
  const backwards = query.before !== undefined;
  // Reading backwards turns the order round; the rows are turned back below.
  const isDescending = (query.order === 'asc') === backwards;
  const beyond = isDescending ? sql`<` : sql`>`;
  const where = cursor ? sql`${columns} ${beyond} ${placeOf(cursor)}` : sql`1 = 1`;
  const found = await select(where, isDescending ? descending : ascending, query.limit + 1);
  const more = found.length > query.limit;
  const rows = found.slice(0, query.limit);
  if (backwards) rows.reverse();
  const first = rows[0]?.id ?? null;
  const last = rows.at(-1)?.id ?? null;
  return {
    rows,
    before: (backwards ? more : cursor !== null) ? first : null,
    after: (backwards ? true : more) ? last : null,
  };
}

async function cursorOf<Cursor>(
  query: PageQuery,
  find: (id: string) => Promise<Cursor | null>,
): Promise<Cursor | null> {
  const id = query.before ?? query.after;
  if (id === undefined) return null;
  const row = await find(id);
  if (row) return row;
  const field = query.before === undefined ? 'after' : 'before';
  throw new InvalidRequestParameters([
    { code: `${field}_invalid`, message: `'${field}' is not an id of this list: '${id}'.`, field },
  ]);
}

export type Snake<S extends string> = S extends `${infer Head}${infer Tail}`
  ? Head extends Lowercase<Head>
    ? `${Head}${Snake<Tail>}`
    : `_${Lowercase<Head>}${Snake<Tail>}`
  : S;
export type Camel<S extends string> = S extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : S;

/** The same values under the names they have on the wire. */
export const snakeKeys = <T extends object>(value: T) =>
  renamed(value, (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)) as {
    [K in keyof T & string as Snake<K>]: T[K];
  };

/** The same values under the names they have in our code. */
export const camelKeys = <T extends object>(value: T) =>
  renamed(value, (name) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())) as {
    [K in keyof T & string as Camel<K>]: T[K];
  };

const renamed = (value: object, rename: (name: string) => string): unknown =>
  Object.fromEntries(Object.entries(value).map(([name, member]) => [rename(name), member]));
