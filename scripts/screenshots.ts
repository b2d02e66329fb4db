/**
 * `npm run screenshots`: pictures of every hosted page and account page in every state, to be looked at after a change. Each
 * comes light, dark, on a phone and from right to left. They are written to `screenshots/`, which git leaves alone.
 *
 *   npm run screenshots -- sign-in mfa     only pages whose names have one of these words
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { BrowserContextOptions } from 'playwright-core';
import { accountExamples } from '../packages/server/src/account/pages/examples.ts';
import { examples } from '../packages/server/src/sign-in/pages/examples.ts';
import type { Locale } from '../packages/server/src/texts/index.ts';
import { launchBrowser } from '../packages/server/test/browser.ts';

interface Sight extends BrowserContextOptions {
  readonly locale: Locale;
}

const desk = { width: 1280, height: 900 };
const sights: Readonly<Record<string, Sight>> = {
  light: { locale: 'en', viewport: desk },
  dark: { locale: 'en', viewport: desk, colorScheme: 'dark' },
  phone: { locale: 'en', viewport: { width: 360, height: 740 } },
  rtl: { locale: 'ar', viewport: desk },
};

const words = process.argv.slice(2);
const isWanted = (name: string): boolean => words.length === 0 || words.some((word) => name.includes(word));

const folder = resolve(import.meta.dirname, '..', 'screenshots');
rmSync(folder, { recursive: true, force: true });
await using browser = await launchBrowser();
let taken = 0;
for (const [sight, { locale, ...options }] of Object.entries(sights)) {
  const into = join(folder, sight);
  mkdirSync(into, { recursive: true });
  const page = await browser.newPage({ ...options, locale });
  let shown = '';
  // An address of this machine, because pages elsewhere are not told of passkeys.
  await page.route('http://localhost/', (route) => route.fulfill({ body: shown, contentType: 'text/html' }));
  for (const [name, document] of Object.entries({ ...examples({ locale }), ...accountExamples({ locale }) })) {
    if (!isWanted(name)) continue;
    shown = document;
    await page.goto('http://localhost/');
    await page.screenshot({ path: join(into, `${name.replace(/[^\w]+/g, '-')}.png`), fullPage: true });
    taken += 1;
  }
  await page.context().close();
}
if (taken === 0) {
  console.error(`No page has ${words.map((word) => `'${word}'`).join(' or ')} in its name.`);
  process.exitCode = 64;
} else {
  console.log(`${taken} pictures are in ${folder}.`);
}
