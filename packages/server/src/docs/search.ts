import type { Token } from 'marked';
import type { Book, Page } from './book.ts';
import { plainText } from './plain-text.ts';
import { inOurWords, wordsOf } from './words.ts';

export interface Hit {
  readonly page: Page;
  /** Null: the page itself, above its first heading. */
  readonly heading: { readonly text: string; readonly id: string } | null;
  /** Around the first word that was found. */
  readonly excerpt: readonly { readonly text: string; readonly isFound: boolean }[];
}

/** A page from one heading to the next. */
interface Section {
  readonly page: Page;
  readonly heading: Hit['heading'];
  readonly text: string;
  /** How often each word stands in it, weighed by where. */
  readonly words: ReadonlyMap<string, number>;
  readonly length: number;
}

interface Index {
  readonly sections: readonly Section[];
  /** In how many sections each word stands. */
  readonly frequency: ReadonlyMap<string, number>;
  readonly averageLength: number;
}

/** What a word counts where it stands. */
const weights = { title: 8, titleOfSection: 3, heading: 8, code: 2, text: 1 } as const;
/** Okapi BM25: how fast more of the same word stops counting, and how much long sections pay for their length. */
const saturation = 1.2;
const lengthPenalty = 0.6;
/** Decisions name everything; they are for those who ask why. */
const decisionShare = 0.3;
/** Guides say the same of everything, each for its framework; they are for those who name one. */
const guideShare = 0.7;
/** A word that only begins like the last one typed. */
const prefixShare = 0.5;
/** What was typed and is called something else here. */
const typedShare = 0.3;
/** Each further section of one page, so that others are seen beside it. */
const repeatedShare = 0.75;
const maxHits = 12;
const maxHitsOfPage = 3;
const excerptLength = 180;

const indexes = new WeakMap<Book, Index>();

/** The sections that answer best, best first; of one page three at most. */
export function search(book: Book, query: string): readonly Hit[] {
  const index = indexOf(book);
  const wanted = [...new Set(wordsOf(inOurWords(query)))];
  const typed = new Set(wordsOf(query));
  const last = [...typed].at(-1);
  const scored = index.sections
    .map((section) => ({ section, score: scoreOf(index, section, { wanted, typed, last }) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score);
  const ofPage = new Map<Page, number>();
  const shown = scored
    .map(({ section, score }) => {
      const before = ofPage.get(section.page) ?? 0;
      ofPage.set(section.page, before + 1);
      return { section, score: before < maxHitsOfPage ? score * repeatedShare ** before : 0 };
    })
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score);
  return shown.slice(0, maxHits).map(({ section }) => ({
    page: section.page,
    heading: section.heading,
    excerpt: excerptOf(section.text, new Set([...wanted, ...typed])),
  }));
}

/** In our words, which all count, and as they were typed, which help. */
interface Wanted {
  readonly wanted: readonly string[];
  readonly typed: ReadonlySet<string>;
  readonly last: string | undefined;
}

function scoreOf(index: Index, section: Section, { wanted, typed, last }: Wanted): number {
  const scoreOfWord = (word: string): number => {
    const count = section.words.get(word) ?? (word === last ? prefixShare * countOfPrefix(section, word) : 0);
    const length = 1 - lengthPenalty + lengthPenalty * (section.length / index.averageLength);
    return (rarity(index, word) * count * (saturation + 1)) / (count + saturation * length);
  };
  const scores = wanted.map(scoreOfWord);
  const found = scores.filter((score) => score > 0).length;
  const theirs = [...typed].filter((word) => !wanted.includes(word)).map(scoreOfWord);
  return shareOf(section.page) * ((sum(scores) * found) / Math.max(1, wanted.length) + typedShare * sum(theirs));
}

function shareOf({ path }: Page): number {
  if (path.startsWith('decisions')) return decisionShare;
  return path.startsWith('guides') ? guideShare : 1;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

function countOfPrefix({ words }: Section, prefix: string): number {
  if (prefix.length < 3) return 0;
  let most = 0;
  for (const [word, count] of words) if (count > most && word.startsWith(prefix)) most = count;
  return most;
}

function rarity({ sections, frequency }: Index, word: string): number {
  const count = frequency.get(word) ?? 0;
  return Math.log(1 + (sections.length - count + 0.5) / (count + 0.5));
}

function indexOf(book: Book): Index {
  let index = indexes.get(book);
  if (!index) {
    const sections = [...book.pages.values()].flatMap(sectionsOf);
    const frequency = new Map<string, number>();
    for (const { words } of sections)
      for (const word of words.keys()) frequency.set(word, (frequency.get(word) ?? 0) + 1);
    const averageLength = sections.reduce((sum, { length }) => sum + length, 0) / Math.max(1, sections.length);
    index = { sections, frequency, averageLength };
    indexes.set(book, index);
  }
  return index;
}

function sectionsOf(page: Page): readonly Section[] {
  const parts: { heading: Hit['heading']; tokens: Token[] }[] = [{ heading: null, tokens: [] }];
  for (const token of page.tokens) {
    const heading = page.headings.get(token);
    if (heading && heading.depth > 1) parts.push({ heading, tokens: [] });
    else if (!heading) parts.at(-1)?.tokens.push(token);
  }
  return parts.map(({ heading, tokens }) => {
    const text = plainText(tokens).trim();
    const words = new Map<string, number>();
    const add = (from: string, weight: number): void => {
      for (const word of wordsOf(from)) words.set(word, (words.get(word) ?? 0) + weight);
    };
    add(page.title, heading ? weights.titleOfSection : weights.title);
    // Whoever types a code types all of it; its parts are words of every other code, too.
    if (heading) add(heading.text, heading.text.includes('_') ? weights.code : weights.heading);
    add(text, weights.text);
    return { page, heading, text, words, length: wordsOf(text).length + 10 };
  });
}

/** A piece of the text, cut at words. */
function excerptOf(text: string, wanted: ReadonlySet<string>): Hit['excerpt'] {
  const words = text.split(/\s+/);
  const isFound = (word: string): boolean => wordsOf(word).some((part) => wanted.has(part));
  const first = Math.max(0, words.findIndex(isFound) - 6);
  const shown: string[] = [];
  for (const word of words.slice(first)) {
    if (shown.join(' ').length + word.length > excerptLength) break;
    shown.push(word);
  }
  const more = first + shown.length < words.length;
  return [
    ...(first > 0 ? [{ text: '… ', isFound: false }] : []),
    ...shown.flatMap((word, index) => [
      { text: word, isFound: isFound(word) },
      { text: index + 1 < shown.length ? ' ' : more ? ' …' : '', isFound: false },
    ]),
  ];
}
