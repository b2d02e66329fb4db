import { z } from 'zod';
import {
  anyone,
  type Reply,
  type RequestInfo,
  type Route,
  RouteNotFound,
  reply,
  route,
  type Services,
} from '../core/index.ts';
import { type Book, openBook, type Page } from './book.ts';
import { urlOf } from './links.ts';
import { everything, listForModels } from './llms.ts';
import { documentPage } from './pages/document.ts';
import { missingPage, resultsPage } from './pages/results.ts';
import { readerOf } from './reader.ts';
import { search } from './search.ts';

const auth = anyone('Documents are for everybody. What is personal in them goes to an operator’s own browser alone.');
const page = { method: 'GET', auth, errors: [RouteNotFound], internal: true, page: true } as const;
const maxQueryLength = 200;

const showFront = route(
  { ...page, operationId: 'showDocs', path: '/docs', summary: 'The documents, for people', returns: { status: 200 } },
  async ({ request }, services) => show(services, request, ''),
);

const showPage = route(
  {
    ...page,
    operationId: 'showDocsPage',
    path: '/docs/{page*}',
    summary: 'One document, for people or as Markdown',
    params: z.object({ page: z.string() }),
    returns: { status: 200, also: [{ status: 404, description: 'A page that proposes others' }] },
  },
  async ({ request, params }, services) => {
    const path = params.page.replace(/\/+$/, '');
    if (path !== params.page) return reply.redirect(encodeURI(urlOf(path)));
    if (!path.endsWith('.md')) return show(services, request, path);
    const found = [...(await bookOf(services)).pages.values()].find(({ file }) => file === path);
    return found ? markdown(found.source) : show(services, request, path.slice(0, -'.md'.length));
  },
);

const showResults = route(
  {
    ...page,
    operationId: 'searchDocs',
    path: '/docs/search',
    summary: 'What the documents say about something',
    query: z.object({ q: z.string().trim().max(maxQueryLength).default('') }),
    returns: { status: 200 },
  },
  async ({ query: { q } }, services) => {
    const book = await bookOf(services);
    const hits = search(book, q);
    return reply.page((nonce) => resultsPage({ book, query: q, hits, nonce }));
  },
);

const showList = route(
  {
    ...page,
    operationId: 'listDocs',
    path: '/llms.txt',
    summary: 'The documents, for models',
    returns: { status: 200 },
  },
  async (_context, services) => markdown(listForModels(await bookOf(services), services.config.publicUrl)),
);

const showEverything = route(
  {
    ...page,
    operationId: 'showAllDocs',
    path: '/docs/llms-full.txt',
    summary: 'Every document in one, for models',
    returns: { status: 200 },
  },
  async (_context, services) => markdown(everything(await bookOf(services))),
);

export const docsRoutes: readonly Route[] = [showFront, showResults, showEverything, showPage, showList];

/** @throws {RouteNotFound} where the documents were left out */
async function bookOf({ config }: Services): Promise<Book> {
  if (config.docsDir === null) throw new RouteNotFound('The documents are not on this server.');
  return openBook(config.docsDir);
}

async function show(services: Services, request: RequestInfo, path: string): Promise<Reply> {
  const book = await bookOf(services);
  const found: Page | undefined = book.pages.get(path);
  if (!found) {
    const hits = search(book, path.replaceAll(/[^\p{L}\p{N}]+/gu, ' ').slice(0, maxQueryLength));
    return reply.page((nonce) => missingPage({ book, hits, nonce }), { status: 404 });
  }
  const reader = await readerOf(services, request);
  const { publicUrl } = services.config;
  return reply.page((nonce) => documentPage({ book, page: found, reader, publicUrl, nonce }));
}

/** Never personal: what a tool fetches may be kept anywhere. */
const markdown = (text: string): Reply =>
  reply.text(text, 'text/markdown; charset=utf-8', { headers: { 'cache-control': 'no-cache' } });
