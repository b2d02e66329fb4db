import { InvalidRequestParameters } from '../errors.ts';
import { Secret } from '../secrets.ts';

export type EngineName = 'sqlite' | 'postgresql';

/** What the two engines are given for a value. `list` is an array on PostgreSQL and JSON text on SQLite. */
type Part =
  | { readonly text: string }
  | { readonly value: unknown }
  | { readonly list: readonly unknown[] }
  | { readonly rows: readonly (readonly unknown[])[]; readonly column: number }
  | { readonly sqlite: readonly Part[]; readonly postgresql: readonly Part[] };

interface Rendered {
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * A piece of SQL with its values, in the subset both engines speak. `Row` is what a row of its answer looks like in
 * TypeScript: camelCase, `*_at` columns as `Date`, `is_*` and `has_*` columns as booleans, `*_json` columns parsed
 * and named without the suffix.
 */
export class Statement<Row = unknown> {
  declare readonly row: Row;
  readonly parts: readonly Part[];
  readonly #origin: Origin | null;
  #rendered: { readonly engine: EngineName; readonly rendered: Rendered } | null = null;

  constructor(parts: readonly Part[], origin: Origin | null = null) {
    this.parts = parts;
    this.#origin = origin;
  }

  /** Placeholders are `?1` for SQLite and `$1` for PostgreSQL: positional values do not bind to `$1` in `node:sqlite`. */
  render(engine: EngineName): Rendered {
    if (this.#rendered?.engine !== engine) {
      const rendered = { text: this.#text(engine), values: valuesOf(this.parts, engine) };
      this.#rendered = { engine, rendered };
    }
    return this.#rendered.rendered;
  }

  /** A template with the same fragments has the same text whatever its values: written once, and one string for good. */
  #text(engine: EngineName): string {
    if (!this.#origin) return textOf(this.parts, engine);
    const { template, slots } = this.#origin;
    const known = texts[engine].get(template);
    if (known?.slots.every((fragment, index) => fragment === slots[index])) return known.text;
    const text = textOf(this.parts, engine);
    texts[engine].set(template, { slots, text });
    return text;
  }
}

/** What a statement was written as. */
interface Origin {
  readonly template: TemplateStringsArray;
  /** Between the template's strings: a fragment of SQL, or null where a value goes. */
  readonly slots: readonly (Statement | null)[];
}

interface KnownText extends Pick<Origin, 'slots'> {
  readonly text: string;
}

/** By template, as it was last written. */
const texts: Readonly<Record<EngineName, WeakMap<TemplateStringsArray, KnownText>>> = {
  sqlite: new WeakMap(),
  postgresql: new WeakMap(),
};

function textOf(parts: readonly Part[], engine: EngineName): string {
  const mark = engine === 'sqlite' ? '?' : '$';
  let values = 0;
  const write = (inner: readonly Part[]): string =>
    inner
      .map((part) => ('text' in part ? part.text : 'sqlite' in part ? write(part[engine]) : `${mark}${++values}`))
      .join('');
  return write(parts);
}

function valuesOf(parts: readonly Part[], engine: EngineName, values: unknown[] = []): unknown[] {
  for (const part of parts) {
    if ('text' in part) continue;
    if ('sqlite' in part) valuesOf(part[engine], engine, values);
    else values.push(bound(part, engine));
  }
  return values;
}

function bound(part: Exclude<Part, { text: string } | { sqlite: unknown }>, engine: EngineName): unknown {
  if ('value' in part) return toColumn(part.value);
  if ('list' in part) {
    const list = part.list.map(toColumn);
    return engine === 'sqlite' ? JSON.stringify(list) : list;
  }
  if (engine === 'sqlite') return JSON.stringify(part.rows.map((row) => row.map(toColumn)));
  return part.rows.map((row) => toColumn(row[part.column]));
}

/**
 * A value as a column holds it. A `Date` must never reach `node:sqlite`: alone it is taken for an object of named
 * parameters and binds NULL in silence. What we cannot store on purpose is refused here rather than guessed.
 */
function toColumn(value: unknown): string | number | null {
  if (value === null) return value;
  if (typeof value === 'string') {
    // PostgreSQL's text cannot hold it; refused on both engines, wherever in a request it came from.
    if (value.includes('\0'))
      throw new InvalidRequestParameters([
        { code: 'invalid_character', message: 'Text must not contain the character U+0000.' },
      ]);
    return value;
  }
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new TypeError(`A column holds whole numbers, not ${value}.`);
    return value;
  }
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Date) return toColumn(value.getTime());
  if (value instanceof Secret) throw new TypeError('A secret is stored as a hash or sealed, never as it is.');
  throw new TypeError(`Cannot bind ${value === undefined ? 'undefined' : typeof value}: write null, json() or a list.`);
}

const written = new WeakMap<TemplateStringsArray, readonly Part[]>();

/** SQL as SQL. Values become parameters; other statements become part of the text. */
export function sql<Row = unknown>(strings: TemplateStringsArray, ...values: readonly unknown[]): Statement<Row> {
  let pieces = written.get(strings);
  if (!pieces) {
    pieces = strings.map((text) => ({ text }));
    written.set(strings, pieces);
  }
  const parts: Part[] = [];
  const slots: (Statement | null)[] = [];
  pieces.forEach((piece, index) => {
    parts.push(piece);
    if (index === values.length) return;
    const value = values[index];
    const isFragment = value instanceof Statement;
    slots.push(isFragment ? value : null);
    if (isFragment) parts.push(...value.parts);
    else parts.push({ value });
  });
  return new Statement<Row>(parts, { template: strings, slots });
}

/** Several statements with a separator between them; `sql.join(conditions, ' and ')`. */
sql.join = (statements: readonly Statement[], separator: string): Statement => {
  const parts: Part[] = [];
  statements.forEach((statement, index) => {
    if (index > 0) parts.push({ text: separator });
    parts.push(...statement.parts);
  });
  return new Statement(parts);
};

/** Text that differs between the engines. Everything else should not need it. */
sql.engine = (texts: { readonly sqlite: string; readonly postgresql: string }): Statement =>
  new Statement([{ sqlite: [{ text: texts.sqlite }], postgresql: [{ text: texts.postgresql }] }]);

/** JSON for a `*_json` column. It is text on both engines, because their operators on JSON differ. */
export const json = (value: unknown): string => JSON.stringify(value);

/** ` = any of these`: write `where id ${anyOf(ids)}`. One statement whatever the number, so it stays prepared. */
export function anyOf(values: readonly (string | number)[]): Statement {
  return new Statement([
    {
      sqlite: [{ text: 'in (select value from json_each(' }, { list: values }, { text: '))' }],
      postgresql: [{ text: '= any(' }, { list: values }, { text: ')' }],
    },
  ]);
}

/**
 * Rows made of values, as a table to join or to update from.
 *
 * @param columns - name and type of each column; `rows` hold their values in the same order
 */
export function rowsOf(
  alias: string,
  columns: readonly { readonly name: string; readonly type: 'text' | 'bigint' }[],
  rows: readonly (readonly unknown[])[],
): Statement {
  const names = columns.map((column) => column.name).join(', ');
  const extracts = columns.map((column, index) => `json_extract(value, '$[${index}]') as ${column.name}`).join(', ');
  return new Statement([
    {
      sqlite: [{ text: `(select ${extracts} from json_each(` }, { rows, column: 0 }, { text: `)) as ${alias}` }],
      postgresql: [
        { text: 'unnest(' },
        ...columns.flatMap((column, index): Part[] => [
          { text: index > 0 ? ', ' : '' },
          { rows, column: index },
          { text: `::${column.type}[]` },
        ]),
        { text: `) as ${alias}(${names})` },
      ],
    },
  ]);
}

/** `for update skip locked`, where there is such a thing: SQLite has one writer at a time. */
export const skipLocked = sql.engine({ sqlite: '', postgresql: 'for update skip locked' });
