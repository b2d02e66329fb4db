/** A real browser for tests: the system's Chromium, headless, with an empty profile that is thrown away. */
import { findChromium } from '@authkit/testing';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { chromium } from 'playwright-core';

/** What to say, in one line, where there is none. */
export const CHROMIUM_MISSING =
  'No Chromium here, so the browser tests cannot run: install it (Debian: apt-get install chromium) or set AUTHKIT_TEST_CHROMIUM to its path.';

export { findChromium };

export interface BrowserOptions {
  /** False shows what a visitor without scripts sees. Default true. */
  javaScript?: boolean;
  /** Default 'light', so that a test does not depend on the machine. */
  colorScheme?: 'light' | 'dark';
  /** A BCP 47 tag; what the page sees as Accept-Language. Default 'en-US'. */
  locale?: string;
  /** In CSS pixels. Default 1280 by 800. */
  viewport?: { width: number; height: number };
  /** Switches of Chromium's command line, besides our own. */
  switches?: readonly string[];
}

export interface TestBrowser extends AsyncDisposable {
  readonly browser: Browser;
  /** Like a fresh profile: shares no cookie with any other context. What is given here wins over launchBrowser's options. */
  newContext(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** A page in a context of its own. */
  newPage(options?: BrowserContextOptions): Promise<Page>;
  close(): Promise<void>;
}

/** @throws an error that names the package to install when there is no browser */
export async function launchBrowser(options: BrowserOptions = {}): Promise<TestBrowser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error(CHROMIUM_MISSING);
  const browser = await chromium.launch({
    executablePath,
    args: [
      // Containers run tests as root, where the sandbox cannot start; the pages it opens are our own.
      '--no-sandbox',
      // /dev/shm is 64 MB in most containers.
      '--disable-dev-shm-usage',
      // Nothing may leave this machine, or depend on what would come back.
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...(options.switches ?? []),
    ],
  });
  const defaults: BrowserContextOptions = {
    javaScriptEnabled: options.javaScript ?? true,
    colorScheme: options.colorScheme ?? 'light',
    locale: options.locale ?? 'en-US',
    viewport: options.viewport ?? { width: 1280, height: 800 },
  };
  const newContext = (more?: BrowserContextOptions) => browser.newContext({ ...defaults, ...more });
  const close = () => browser.close();
  return {
    browser,
    newContext,
    newPage: async (more) => (await newContext(more)).newPage(),
    close,
    [Symbol.asyncDispose]: close,
  };
}
