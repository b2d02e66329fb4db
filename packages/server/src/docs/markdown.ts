import type { Token, Tokens } from 'marked';
import { attributes, type Html, html, type Printable } from '../core/index.ts';
import type { Book, Page } from './book.ts';
import { addressOf, isElsewhere, urlOf } from './links.ts';

/** A fenced block of a document. */
export interface Code {
  readonly text: string;
  /** As written after the backticks; empty when nothing is. */
  readonly language: string;
  /** The file it was taken from (`<!-- code … -->`), or null. */
  readonly from: string | null;
}

interface Rendering {
  readonly book: Book;
  readonly page: Page;
  readonly code: (code: Code) => Html;
}

const FROM = /^<!-- code ([^\s#]+)/;

/**
 * A document as markup. Nothing of it is taken for markup: what looks like a tag is printed, and comments are left out.
 *
 * @param code - draws the fenced blocks
 */
export function article(rendering: Rendering): Html {
  const { tokens } = rendering.page;
  return html`${tokens.map((token, index) => block(rendering, token, before(tokens, index)))}`;
}

/** The token before, past empty lines. */
function before(tokens: readonly Token[], index: number): Token | undefined {
  const previous = tokens[index - 1];
  return previous?.type === 'space' ? tokens[index - 2] : previous;
}

function block(to: Rendering, token: Token, previous?: Token): Printable {
  switch (token.type) {
    case 'space':
      return null;
    case 'heading':
      return heading(to, token as Tokens.Heading);
    case 'paragraph':
      return html`<p>${inline(to, token.tokens)}</p>`;
    case 'code': {
      const { text, lang = '' } = token as Tokens.Code;
      const from = previous?.type === 'html' ? (FROM.exec(previous.raw)?.[1] ?? null) : null;
      return to.code({ text, language: lang, from });
    }
    case 'list':
      return list(to, token as Tokens.List);
    case 'table':
      return table(to, token as Tokens.Table);
    case 'blockquote':
      return html`<blockquote>${token.tokens?.map((inner) => block(to, inner))}</blockquote>`;
    case 'hr':
      return html`<hr>`;
    case 'html':
      return token.raw.startsWith('<!--') ? null : html`<p>${token.raw}</p>`;
    default:
      return span(to, token);
  }
}

/** It links to itself, so that its address can be copied. */
function heading(to: Rendering, token: Tokens.Heading): Html {
  const { depth, tokens } = token;
  const text = tokens.map((inner) => (inner.type === 'link' ? inline(to, inner.tokens) : span(to, inner)));
  if (depth === 1) return html`<h1>${text}</h1>`;
  const id = to.page.headings.get(token)?.id ?? '';
  const link = html`<a${attributes({ href: `#${id}` })}>${text}</a>`;
  if (depth === 2) return html`<h2${attributes({ id })}>${link}</h2>`;
  return depth === 3 ? html`<h3${attributes({ id })}>${link}</h3>` : html`<h4${attributes({ id })}>${link}</h4>`;
}

function list(to: Rendering, { ordered, start, items }: Tokens.List): Html {
  const entries = items.map((item) => html`<li>${item.tokens.map((inner) => block(to, inner))}</li>`);
  return ordered
    ? html`<ol${attributes({ start: start === 1 ? null : start })}>${entries}</ol>`
    : html`<ul>${entries}</ul>`;
}

function table(to: Rendering, { header, rows }: Tokens.Table): Html {
  const cells = header.map((cell) => html`<th scope="col">${inline(to, cell.tokens)}</th>`);
  const body = rows.map((row) => html`<tr>${row.map((cell) => html`<td>${inline(to, cell.tokens)}</td>`)}</tr>`);
  return html`<div class="table" tabindex="0"><table><thead><tr>${cells}</tr></thead><tbody>${body}</tbody></table></div>`;
}

const inline = (to: Rendering, tokens: readonly Token[] = []): Printable => tokens.map((token) => span(to, token));

function span(to: Rendering, token: Token): Printable {
  switch (token.type) {
    case 'strong':
      return html`<strong>${inline(to, token.tokens)}</strong>`;
    case 'em':
      return html`<em>${inline(to, token.tokens)}</em>`;
    case 'del':
      return html`<del>${inline(to, token.tokens)}</del>`;
    case 'codespan':
      return html`<code>${token.text}</code>`;
    case 'br':
      return html`<br>`;
    case 'link':
      return link(to, token as Tokens.Link);
    case 'image':
      return (token as Tokens.Image).text;
    case 'html':
      return token.raw.startsWith('<!--') ? null : token.raw;
    case 'checkbox':
      return (token as Tokens.Checkbox).checked ? '☑ ' : '☐ ';
    default:
      return 'tokens' in token && token.tokens ? inline(to, token.tokens) : (token as Tokens.Text).text;
  }
}

/** What leads out of the documents, to a file of the repository, is text here: this server does not have it. */
function link(to: Rendering, { href, tokens }: Tokens.Link): Printable {
  const text = inline(to, tokens);
  if (isElsewhere(href)) return html`<a${attributes({ href, rel: 'noreferrer' })}>${text}</a>`;
  const address = addressOf(to.page.file, href);
  if (!address || !to.book.pages.has(address.path)) return text;
  return html`<a${attributes({ href: urlOf(address.path, address.fragment) })}>${text}</a>`;
}
