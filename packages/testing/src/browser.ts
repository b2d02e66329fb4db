/**
 * What of a browser is driven here: the parts of Playwright that `playwright`, `playwright-core` and `@playwright/test`
 * share, so that a test brings whichever of them it has.
 */
export interface BrowserContext {
  addCookies(cookies: BrowserCookie[]): Promise<void>;
  newPage(): Promise<Page>;
  // biome-ignore lint/suspicious/noExplicitAny: a session speaks the whole devtools protocol
  newCDPSession(page: any): Promise<any>;
}

export interface BrowserCookie {
  readonly name: string;
  readonly value: string;
  readonly url: string;
  readonly httpOnly?: boolean;
  readonly secure?: boolean;
  readonly sameSite?: 'Lax' | 'None' | 'Strict';
}

export interface Page {
  context(): BrowserContext;
  url(): string;
  goto(url: string): Promise<unknown>;
  waitForURL(url: (url: URL) => boolean, options?: { timeout?: number }): Promise<void>;
  locator(selector: string): Locator;
  // biome-ignore lint/suspicious/noExplicitAny: a handler is given a route of that very Playwright
  route(url: string, handler: (route: any) => unknown): Promise<unknown>;
  evaluate(script: string): Promise<unknown>;
  close(): Promise<void>;
}

export interface Locator {
  fill(text: string): Promise<void>;
  press(key: string): Promise<void>;
  click(): Promise<void>;
  isVisible(): Promise<boolean>;
  waitFor(options?: { timeout?: number }): Promise<void>;
  first(): Locator;
}

export const contextOf = (browser: Page | BrowserContext): BrowserContext =>
  'context' in browser ? browser.context() : browser;
