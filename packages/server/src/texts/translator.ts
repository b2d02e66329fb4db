import { IntlMessageFormat } from 'intl-messageformat';
import { LRUCache } from 'lru-cache';
import { type Html, html, type Printable } from '../core/index.ts';
import { catalogues, english, type MessageKey } from './catalogue.ts';
import { fallback, type Locale, languages } from './locales.ts';
import type { Say, TextValues } from './say.ts';

/** What a tag of a message (`<b>…</b>`) becomes, given what stands in it. */
type Wrap = (inner: Html) => Html;

export type HtmlValues = Readonly<Record<string, string | number | Date | Html | Wrap>>;

/** An operator's own words for some messages, by key: plain text, in which the message's placeholders may stand. */
export type OwnTexts = Readonly<Partial<Record<MessageKey, string>>>;

/** Speaks one language. */
export interface Translator {
  /** A message as plain text; tags in it vanish. @throws {Error} when a value it needs is missing */
  (key: MessageKey, values?: TextValues): string;
  readonly locale: Locale;
  readonly dir: 'ltr' | 'rtl';
  /**
   * A message as markup. Values are text, isolated from the sentence's direction, unless they are `Html`, which is held
   * together with the mark that follows it (class `joint`); `<b>` and `<unseen>` (read out, not drawn) are known, any
   * other tag of the message needs a function.
   */
  html(key: MessageKey, values?: HtmlValues): Html;
  say(said: Say): string;
  /** `in 42 seconds`, `in 2 minutes`, rounded up so that nobody comes too early. */
  inTime(seconds: number): string;
  /** A day: `Nov 26, 2026`. @param timeZone - an IANA name; UTC when not given */
  date(at: Date, timeZone?: string): string;
  /** Date and time with the zone's name. @param timeZone - an IANA name; UTC when not given */
  dateTime(at: Date, timeZone?: string): string;
}

const plain = new Map<Locale, Translator>();

/** The translator of a language; the same one each time unless an operator has words of their own. */
export function translator(locale: Locale, own: OwnTexts = {}): Translator {
  if (Object.keys(own).length > 0) return makeTranslator(locale, own);
  const made = plain.get(locale) ?? makeTranslator(locale, {});
  plain.set(locale, made);
  return made;
}

function makeTranslator(locale: Locale, own: OwnTexts): Translator {
  const { dir } = languages[locale];
  const text = (key: MessageKey, values: TextValues = {}): string =>
    flatten(messageOf(locale, key, own).format({ ...plainTags, ...inReadingOrder(values, dir) }));
  return Object.assign(text, {
    locale,
    dir,
    html: (key: MessageKey, values: HtmlValues = {}): Html =>
      markup(jointed(messageOf(locale, key, own).format<Html>({ ...htmlTags, ...isolated(values) }), values)),
    say: (said: Say): string => (typeof said === 'string' ? text(said) : text(said.key, said.values)),
    inTime: (seconds: number): string => inTime(locale, seconds),
    date: (at: Date, timeZone = 'UTC'): string => calendar(locale, timeZone, {}).format(at),
    dateTime: (at: Date, timeZone = 'UTC'): string => calendar(locale, timeZone, { timeStyle: 'long' }).format(at),
  });
}

/** A formatter costs a hundred times what it does with a date, so those in use are kept. */
const calendars = new LRUCache<string, Intl.DateTimeFormat>({ max: 100 });

function calendar(locale: Locale, timeZone: string, more: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const id = `${locale} ${timeZone} ${more.timeStyle}`;
  const known = calendars.get(id);
  if (known) return known;
  const format = new Intl.DateTimeFormat(intlTag(locale), { dateStyle: 'medium', timeZone, ...more });
  calendars.set(id, format);
  return format;
}

/** Digits are those of codes and clocks on the same page, also where the language has others. */
const intlTag = (locale: Locale): string => `${locale}-u-nu-latn`;

const parsed = new Map<string, IntlMessageFormat>();

/** Each message is parsed once; a language that lacks it speaks English there. */
function messageOf(locale: Locale, key: MessageKey, own: OwnTexts): IntlMessageFormat {
  const words = own[key];
  // An operator's angle bracket is a character like any other.
  if (words !== undefined) return new IntlMessageFormat(words, intlTag(locale), undefined, { ignoreTag: true });
  const id = `${locale} ${key}`;
  let message = parsed.get(id);
  if (!message) {
    const translated = catalogues[locale][key];
    const tag = intlTag(translated === undefined ? fallback : locale);
    message = new IntlMessageFormat(translated ?? english[key], tag);
    parsed.set(id, message);
  }
  return message;
}

type Formatted<T> = string | T | readonly (string | T)[];

const flatten = (formatted: Formatted<unknown>): string =>
  Array.isArray(formatted) ? formatted.join('') : String(formatted);

const markup = (formatted: Formatted<unknown>): Html => html`${formatted as Printable}`;

/** A mark that no line begins with. */
const closing = /^[.,;:!?)\u060c\u061b\u061f\u3001\u3002\uff0c\uff1a]+/;

/** A caller's own `Html` may be a box, after which a browser breaks the line even before a full stop. */
function jointed(formatted: Formatted<Html>, values: HtmlValues): Formatted<Html> {
  if (!Array.isArray(formatted)) return formatted;
  const given: readonly unknown[] = Object.values(values);
  const parts = [...(formatted as readonly (string | Html)[])];
  for (const [at, part] of parts.entries()) {
    const next = parts[at + 1];
    const [mark] = typeof next === 'string' ? (closing.exec(next) ?? []) : [];
    if (mark === undefined || typeof next !== 'string' || !given.includes(part)) continue;
    parts[at] = html`<span class="joint">${part}${mark}</span>`;
    parts[at + 1] = next.slice(mark.length);
  }
  return parts;
}

const plainTags = {
  b: (inner: readonly unknown[]) => inner.join(''),
  unseen: (inner: readonly unknown[]) => inner.join(''),
  link: (inner: readonly unknown[]) => inner.join(''),
};

const htmlTags = {
  b: (inner: readonly Printable[]) => html`<b>${inner}</b>`,
  unseen: (inner: readonly Printable[]) => html`<span class="unseen">${inner}</span>`,
};

/** A name in another script must not turn the sentence around it: U+2068 and U+2069 say what `bdi` says in markup. */
function inReadingOrder(values: TextValues, dir: 'ltr' | 'rtl'): TextValues {
  if (dir === 'ltr') return values;
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? `\u2068${value}\u2069` : value]),
  );
}

function isolated(values: HtmlValues): Record<string, never> {
  const entries = Object.entries(values).map(([name, value]) => {
    if (typeof value === 'string') return [name, html`<bdi>${value}</bdi>`];
    if (typeof value === 'function') return [name, (inner: readonly Printable[]) => value(html`${inner}`)];
    return [name, value];
  });
  // The library's type of a value leaves out what its own documentation passes: objects, and functions for tags.
  return Object.fromEntries(entries) as Record<string, never>;
}

function inTime(locale: Locale, seconds: number): string {
  const format = new Intl.RelativeTimeFormat(intlTag(locale));
  return seconds < 60
    ? format.format(Math.max(1, Math.ceil(seconds)), 'second')
    : format.format(Math.ceil(seconds / 60), 'minute');
}
