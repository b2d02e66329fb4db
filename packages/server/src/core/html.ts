/**
 * Markup that escapes by itself.
 *
 * A page is a function from data to `Html`, and everything interpolated is text unless it already is `Html`. So the
 * dangerous thing (`raw`) has to be written out, and a forgotten escape cannot happen.
 */

/**
 * Markup that is safe to send.
 *
 * A class with a private field rather than a plain shape: a JSON body `{ "markup": "<script>" }` that strays into a
 * template has the shape, but can never be an instance.
 */
export class Html {
  readonly #markup: string;

  constructor(markup: string) {
    this.#markup = markup;
  }

  get markup(): string {
    return this.#markup;
  }

  toString(): string {
    return this.#markup;
  }
}

/** What a template accepts. `false`, `null` and `undefined` print nothing, which lets `condition && html` read well. */
export type Printable = string | number | Html | false | null | undefined | readonly Printable[];

/** Values of attributes: text, `true` for one that stands alone, and nothing for one that is left out. */
type Attributes = Readonly<Record<string, string | number | boolean | null | undefined>>;

const special = /[&<>"']/;
const attributeName = /^[a-zA-Z][a-zA-Z0-9-]*$/;

/**
 * Builds markup. A value may stand between tags or inside an attribute's *double-quoted* value; nowhere else (not in a
 * tag's name, not unquoted, not inside script or style, where other escaping rules apply).
 */
export function html(literals: TemplateStringsArray, ...values: readonly Printable[]): Html {
  let markup = literals[0] ?? '';
  for (let i = 0; i < values.length; i++) markup += print(values[i]) + literals[i + 1];
  return new Html(markup);
}

/** Declares a string to be markup already. For constants of ours, never for anything that came in. */
export function raw(trusted: string): Html {
  return new Html(trusted);
}

/** Attributes, each with a space before it. An empty string is a value; `null`, `undefined` and `false` leave it out. */
export function attributes(values: Attributes): Html {
  let markup = '';
  for (const name in values) {
    const value = values[name];
    if (value === false || value === null || value === undefined) continue;
    if (!attributeName.test(name)) throw new TypeError(`Not an attribute name: ${JSON.stringify(name)}.`);
    markup += value === true ? ` ${name}` : ` ${name}="${escapeMarkup(String(value))}"`;
  }
  return new Html(markup);
}

/** The five characters that mean something in markup, as references. Safe between tags and in quoted values. */
function escapeMarkup(text: string): string {
  // Most text has none of them, and a test costs a tenth of building a new string.
  if (!special.test(text)) return text;
  let escaped = '';
  let copied = 0;
  for (let i = 0; i < text.length; i++) {
    const reference = references(text.charCodeAt(i));
    if (reference === '') continue;
    escaped += text.slice(copied, i) + reference;
    copied = i + 1;
  }
  return escaped + text.slice(copied);
}

function references(code: number): string {
  switch (code) {
    case 0x26:
      return '&amp;';
    case 0x3c:
      return '&lt;';
    case 0x3e:
      return '&gt;';
    case 0x22:
      return '&quot;';
    case 0x27:
      return '&#39;';
    default:
      return '';
  }
}

function print(value: Printable): string {
  if (typeof value === 'string') return escapeMarkup(value);
  if (value instanceof Html) return value.markup;
  if (value === null || value === undefined || value === false) return '';
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) {
    let markup = '';
    for (const item of value) markup += print(item);
    return markup;
  }
  // `[object Object]` on a page, or a Secret in it, is a bug that should be loud.
  throw new TypeError(`A template cannot print a value of type ${typeof value}.`);
}
