import { attributes, type Html, html, type Printable } from '../../core/index.ts';
import type { Book, Heading, Page } from '../book.ts';
import { filled } from '../fill.ts';
import { highlighted } from '../highlight.ts';
import { urlOf } from '../links.ts';
import { article, type Code } from '../markdown.ts';
import type { Reader } from '../reader.ts';
import { layout, markdownUrlOf } from './layout.ts';

export interface DocumentView {
  readonly book: Book;
  readonly page: Page;
  readonly reader: Reader | null;
  readonly publicUrl: string;
  readonly nonce: string;
}

export function documentPage({ book, page, reader, publicUrl, nonce }: DocumentView): string {
  let isPersonal = false;
  const code = (block: Code): Html => {
    const text = filled(block.text, block.language, publicUrl, reader);
    isPersonal ||= reader !== null && text !== filled(block.text, block.language, publicUrl, null);
    return figure({ ...block, text });
  };
  const body = article({ book, page, code });
  return layout({
    book,
    page,
    title: page.title,
    nonce,
    beside: onThisPage([...page.headings.values()]),
    main: html`${isPersonal && reader && mine(reader)}<article>${body}</article>${around(book, page)}<p class="foot"><a${attributes({ href: markdownUrlOf(page) })}>This page as Markdown</a><a href="/llms.txt">All pages for a language model</a></p>`,
  });
}

const names: Readonly<Record<string, string>> = {
  sh: 'Terminal',
  dotenv: '.env',
  http: 'HTTP',
  js: 'JavaScript',
  json: 'JSON',
  '': 'Output',
};

function figure({ text, language, from }: Code): Html {
  // A drawing is looked at.
  if (language === 'text') return html`<figure><pre tabindex="0"><code>${text}</code></pre></figure>`;
  const caption = from ?? names[language] ?? language;
  return html`<figure><figcaption><span>${caption}</span><button class="copy" type="button" data-copy><span class="to-copy">Copy</span><span class="copied">Copied</span></button></figcaption><pre tabindex="0"><code>${highlighted(text, language)}</code></pre></figure>`;
}

const mine = ({ environmentName, maskedApiKey }: Reader): Html =>
  html`<p class="mine" role="note">The code on this page carries the client id of your environment <strong>${environmentName}</strong>${
    maskedApiKey &&
    html`. Its API key is masked, as it is kept nowhere: put the whole key in where you paste the code, or <a href="/dashboard/api-keys">make a new one</a>`
  }. Nobody else sees this.</p>`;

/** At most so many headings below the second level: a page with more is searched and not scrolled. */
const maxSubheadings = 24;

function onThisPage(headings: readonly Heading[]): Printable {
  const [chapters, sub] = [2, 3].map((depth) => headings.filter((heading) => heading.depth === depth));
  const shown = headings.filter(({ depth }) => depth === 2 || (depth === 3 && (sub?.length ?? 0) <= maxSubheadings));
  if (!chapters || shown.length < 2) return null;
  return html`<nav class="toc" aria-labelledby="on-this-page"><h2 id="on-this-page">On this page</h2><ul>${shown.map(
    ({ depth, text, id }) =>
      html`<li${attributes({ class: depth === 3 ? 'sub' : null })}><a${attributes({ href: `#${id}` })}>${text}</a></li>`,
  )}</ul></nav>`;
}

/** Who reads on, reads in the order of the list. */
function around({ chapters, pages }: Book, page: Page): Printable {
  const front = pages.get('');
  const order = [
    ...(front ? [{ label: front.title, page: front }] : []),
    ...chapters.flatMap((chapter) => chapter.pages),
  ];
  const at = order.findIndex((listed) => listed.page === page);
  if (at === -1) return null;
  const [previous, next] = [order[at - 1], order[at + 1]];
  return html`<nav class="around" aria-label="Previous and next page">${
    previous &&
    html`<a rel="prev"${attributes({ href: urlOf(previous.page.path) })}><span class="label">Previous</span>${previous.label}</a>`
  }${
    next &&
    html`<a class="next" rel="next"${attributes({ href: urlOf(next.page.path) })}><span class="label">Next</span>${next.label}</a>`
  }</nav>`;
}
