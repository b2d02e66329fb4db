import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lexer, type Token, type Tokens } from 'marked';
import { addressOf, pathOf, slugOf } from './links.ts';
import { plainText } from './plain-text.ts';

export interface Heading {
  readonly depth: number;
  readonly text: string;
  /** The fragment that leads to it, as GitHub makes it. */
  readonly id: string;
}

/** A document. */
export interface Page {
  /** Below `/docs`: `guides/next`; empty for the front page. */
  readonly path: string;
  /** Below the folder of documents: `guides/next.md`. */
  readonly file: string;
  /** As it is written. */
  readonly source: string;
  readonly title: string;
  readonly tokens: readonly Token[];
  readonly headings: ReadonlyMap<Token, Heading>;
}

/** A heading of the front page, with what is listed below it. */
export interface Chapter {
  readonly title: string;
  readonly pages: readonly { readonly label: string; readonly page: Page }[];
}

export interface Book {
  /** By path. */
  readonly pages: ReadonlyMap<string, Page>;
  readonly chapters: readonly Chapter[];
}

const books = new Map<string, Promise<Book>>();

/** Every document below a folder, read when the first reader comes. */
export function openBook(folder: string): Promise<Book> {
  let book = books.get(folder);
  if (!book) {
    book = readBook(folder);
    // A folder that could not be read is tried again.
    book.catch(() => books.delete(folder));
    books.set(folder, book);
  }
  return book;
}

async function readBook(folder: string): Promise<Book> {
  const files = (await readdir(folder, { recursive: true })).map((file) => file.replaceAll('\\', '/'));
  const pages = await Promise.all(
    files
      .filter((file) => file.endsWith('.md'))
      .sort()
      .map(async (file) => pageOf(file, await readFile(join(folder, file), 'utf8'))),
  );
  const book = new Map(pages.map((page) => [page.path, page]));
  return { pages: book, chapters: chaptersOf(book) };
}

function pageOf(file: string, source: string): Page {
  const tokens = lexer(source);
  const headings = headingsOf(tokens);
  const title = [...headings.values()].find(({ depth }) => depth === 1)?.text ?? file;
  return { path: pathOf(file), file, source, title, tokens, headings };
}

function headingsOf(tokens: readonly Token[]): ReadonlyMap<Token, Heading> {
  const seen = new Map<string, number>();
  return new Map(
    tokens.filter(isHeading).map((token) => {
      const text = plainText(token.tokens);
      const slug = slugOf(text);
      const before = seen.get(slug) ?? 0;
      seen.set(slug, before + 1);
      return [token, { depth: token.depth, text, id: before === 0 ? slug : `${slug}-${before}` }];
    }),
  );
}

const isHeading = (token: Token): token is Tokens.Heading => token.type === 'heading';

/** The front page lists the others, and so says in which order they are read. */
function chaptersOf(pages: ReadonlyMap<string, Page>): readonly Chapter[] {
  const front = pages.get('');
  const chapters: { title: string; pages: { label: string; page: Page }[] }[] = [];
  for (const token of front?.tokens ?? []) {
    const heading = front?.headings.get(token);
    if (heading?.depth === 2) chapters.push({ title: heading.text, pages: [] });
    for (const link of linksIn(token)) {
      const page = pages.get(addressOf('README.md', link.href)?.path ?? '');
      const isListed = chapters.some((chapter) => chapter.pages.some((listed) => listed.page === page));
      if (page && page !== front && !isListed) chapters.at(-1)?.pages.push({ label: plainText(link.tokens), page });
    }
  }
  return chapters.filter((chapter) => chapter.pages.length > 0);
}

function linksIn(token: Token): readonly Tokens.Link[] {
  if (token.type === 'link') return [token as Tokens.Link];
  const {
    tokens = [],
    items = [],
    header = [],
    rows = [],
  } = token as {
    readonly tokens?: readonly Token[];
    readonly items?: readonly Token[];
    readonly header?: readonly Tokens.TableCell[];
    readonly rows?: readonly (readonly Tokens.TableCell[])[];
  };
  const cells = [...header, ...rows.flat()].flatMap((cell) => cell.tokens);
  return [...tokens, ...items, ...cells].flatMap(linksIn);
}
