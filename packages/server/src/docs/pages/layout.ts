import { ownPalettes } from '../../branding/index.ts';
import { attributes, type Html, html, type Printable, raw } from '../../core/index.ts';
import type { Book, Page } from '../book.ts';
import { urlOf } from '../links.ts';
import { script } from './script.ts';
import { styles } from './styles.ts';

const stylesheet = raw(styles);
const behaviour = raw(script);

const { light, dark } = ownPalettes;
const favicon = `data:image/svg+xml,${encodeURIComponent(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><style>rect{fill:${light.brand}}text{fill:${light['brand-text']};font:700 18px system-ui,sans-serif;text-anchor:middle}@media(prefers-color-scheme:dark){rect{fill:${dark.brand}}text{fill:${dark['brand-text']}}}</style><rect width="32" height="32" rx="8"/><text x="16" y="22.5">A</text></svg>`,
)}`;

export interface Layout {
  readonly book: Book;
  /** The page that is shown; null when it is none of the book's. */
  readonly page: Page | null;
  readonly title: string;
  readonly nonce: string;
  readonly main: Printable;
  /** Beside the page, where there is room. */
  readonly beside?: Printable;
  /** What is searched for. */
  readonly query?: string;
}

/** The whole document. Nothing is fetched, and without script only the copy buttons are missing. */
export function layout({ book, page, title, nonce, main, beside, query }: Layout): string {
  return html`<!doctype html>
<html lang="en" dir="ltr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><title>${title} – AuthKit docs</title>${
    page && html`<link rel="alternate" type="text/markdown" href="${markdownUrlOf(page)}">`
  }<link rel="icon" href="${favicon}"><style nonce="${nonce}">${stylesheet}</style></head><body><a class="skip" href="#main">Skip to the content</a><header class="bar"><a class="brand" href="/docs"${attributes({ 'aria-current': page?.path === '' ? 'page' : null })}><span class="mark" aria-hidden="true">A</span><span>AuthKit <span>docs</span></span></a><button class="menu" type="button" popovertarget="pages">Menu</button><form class="search" role="search" action="/docs/search"><input id="q" name="q" type="search" value="${query}" placeholder="Search" aria-label="Search the docs" autocomplete="off" spellcheck="false" maxlength="200"><button type="submit" aria-label="Search">${magnifier}</button></form><a class="out" href="/dashboard">Dashboard</a></header><div class="columns"><nav class="pages" id="pages" popover aria-label="Pages">${contents(book, page)}</nav><main id="main">${main}</main>${beside}</div><p class="unseen" id="status" role="status"></p><script nonce="${nonce}">${behaviour}</script></body></html>
`.markup;
}

export const markdownUrlOf = (page: Page): string => `/docs/${page.file}`;

const magnifier = raw(
  '<svg width="18" height="18" viewBox="0 0 18 18" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" aria-hidden="true" focusable="false"><circle cx="8" cy="8" r="5.25"/><path d="m12 12 3.5 3.5"/></svg>',
);

const contents = ({ chapters }: Book, shown: Page | null): Printable =>
  chapters.map(
    ({ title, pages }) =>
      html`<h2>${title}</h2><ul>${pages.map(
        ({ label, page }): Html =>
          html`<li><a${attributes({ href: urlOf(page.path), 'aria-current': page === shown ? 'page' : null })}>${label}</a></li>`,
      )}</ul>`,
  );
