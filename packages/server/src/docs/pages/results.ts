import { attributes, type Html, html, type Printable } from '../../core/index.ts';
import type { Book } from '../book.ts';
import { urlOf } from '../links.ts';
import type { Hit } from '../search.ts';
import { layout } from './layout.ts';

export interface ResultsView {
  readonly book: Book;
  readonly query: string;
  readonly hits: readonly Hit[];
  readonly nonce: string;
}

export function resultsPage({ book, query, hits, nonce }: ResultsView): string {
  const title = query === '' ? 'Search' : `Search: ${query}`;
  return layout({
    book,
    page: null,
    title,
    nonce,
    query,
    main: html`<h1>Search</h1>${outcome(query, hits)}${hits.length > 0 && html`<ol class="results">${hits.map(result)}</ol>`}`,
  });
}

function outcome(query: string, hits: readonly Hit[]): Html {
  if (query === '') return html`<p>Type what you look for, or paste an error code.</p>`;
  if (hits.length > 0) return html`<p>What fits <strong>${query}</strong> best:</p>`;
  return html`<p>Nothing fits <strong>${query}</strong>. Try fewer or other words, or <a href="/docs">look through all pages</a>.</p>`;
}

function result({ page, heading, excerpt }: Hit): Html {
  const href = urlOf(page.path, heading ? `#${heading.id}` : '');
  return html`<li><a${attributes({ href })}>${heading?.text ?? page.title}</a>${
    heading && html`<span class="of"> · ${page.title}</span>`
  }<p>${excerpt.map(({ text, isFound }): Printable => (isFound ? html`<mark>${text}</mark>` : text))}</p></li>`;
}

export interface MissingView {
  readonly book: Book;
  readonly hits: readonly Hit[];
  readonly nonce: string;
}

/** No page has this address: perhaps one of these was meant. */
export function missingPage({ book, hits, nonce }: MissingView): string {
  return layout({
    book,
    page: null,
    title: 'There is no such page',
    nonce,
    main: html`<h1>There is no such page</h1><p>Search above, or go to <a href="/docs">the first page</a>.</p>${
      hits.length > 0 &&
      html`<p>Perhaps you look for one of these:</p><ol class="results">${hits.slice(0, 3).map(result)}</ol>`
    }`,
  });
}
