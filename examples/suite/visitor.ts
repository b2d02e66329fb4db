/** A person's browser, and a note of everything in it that must not be. */
import type { BrowserContext, BrowserContextOptions, Page, Request, Response } from 'playwright-core';
import type { Stage } from './stage.ts';

/** For anything to appear. */
const WAIT_TIMEOUT_MS = 15_000;

/** What all visitors of one example saw, one line each; empty lists are what the last walks ask for. */
export interface Notes {
  readonly complaints: string[];
  readonly strangers: string[];
  readonly passwords: string[];
  /** Of the app's answers, by address. */
  readonly bodies: { readonly url: string; readonly text: string }[];
  /** Bodies that are still being read. */
  readonly reading: Promise<void>[];
}

export const newNotes = (): Notes => ({ complaints: [], strangers: [], passwords: [], bodies: [], reading: [] });

export interface Visitor extends AsyncDisposable {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Opens a path of the app in the first tab. */
  open(path: string): Promise<void>;
  /** The app's session cookie as a header says it, `name=value`; empty when there is none. */
  session(): Promise<string>;
}

export interface VisitOptions extends BrowserContextOptions {
  /** The walk plays an attack or makes something fail: the browser may complain, and go elsewhere. Default false. */
  readonly provokes?: boolean;
}

export async function newVisitor(stage: Stage, { provokes = false, ...options }: VisitOptions = {}): Promise<Visitor> {
  const { app, browser, notes, platform, sessionCookie } = stage;
  const context = await browser.newContext(options);
  context.setDefaultTimeout(WAIT_TIMEOUT_MS);
  context.on('request', (request) => noteRequest(stage, request, provokes));
  context.on('response', (response) => noteBody(stage, response));
  context.on('weberror', (error) => notes.complaints.push(`uncaught: ${error.error().message}`));
  context.on('console', (message) => {
    const { url } = message.location();
    if (url.startsWith(`${platform.url}/dashboard`)) return; // No page of the example, nor on the way to one.
    // The contract's answer to a page that asks who is there; Chromium reports any 401 by itself.
    const isAnswer = url === `${app.url}/api/me` && message.text().includes('401');
    if (message.type() !== 'error' || provokes || isAnswer) return;
    notes.complaints.push(`${message.text()} (${url}, on ${message.page()?.url()})`);
  });
  const page = await context.newPage();
  return {
    context,
    page,
    async open(path) {
      await page.goto(app.url + path);
    },
    async session() {
      const cookies = await context.cookies(app.url);
      return cookies
        .filter(({ name }) => name === sessionCookie)
        .map(({ name, value }) => `${name}=${value}`)
        .join('; ');
    },
    [Symbol.asyncDispose]: () => context.close(),
  };
}

function noteRequest({ app, platform, notes, passwords }: Stage, request: Request, provokes: boolean): void {
  const { origin, protocol } = new URL(request.url());
  if (origin === platform.url || !protocol.startsWith('http')) return;
  if (origin !== app.url && !provokes) notes.strangers.push(request.url());
  const sent = decodeURIComponent(
    `${request.url()} ${request.postData() ?? ''}`.replaceAll(/%(?![\da-f]{2})/gi, '%25'),
  );
  if (passwords.some((password) => sent.replaceAll('+', ' ').includes(password))) notes.passwords.push(request.url());
}

function noteBody({ app, notes }: Stage, response: Response): void {
  const url = response.url();
  const type = response.headers()['content-type'] ?? '';
  if (!url.startsWith(app.url) || !/html|javascript|json|x-component|text\/plain/.test(type)) return;
  // A page that was left takes its bodies with it.
  const reading = response.text().catch(() => '');
  notes.reading.push(reading.then((text) => void notes.bodies.push({ url, text })));
}
