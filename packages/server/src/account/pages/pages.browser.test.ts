/** Every page of the account in a real browser, under the policy it is served with. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { BrowserContextOptions } from 'playwright-core';
import { launchBrowser, type TestBrowser } from '../../../test/browser.ts';
import { axe, axeFindings, colourRules, garish, keyboardFindings, policyFor } from '../../../test/pages.ts';
import { accountExamples } from './examples.ts';

const nonce = 'n0nce';
const variants = {
  ltr: accountExamples({ nonce }),
  rtl: accountExamples({ nonce, locale: 'ar' }),
  garish: accountExamples({ nonce, look: garish }),
};
type Variant = keyof typeof variants;
const names = Object.keys(variants.ltr);

let browser: TestBrowser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser?.close());

/** A page that shows one example after the other, and keeps what it complains about in its console. */
async function open(variant: Variant, options: BrowserContextOptions = {}) {
  const page = await browser.newPage(options);
  const complaints: string[] = [];
  page.on('console', (line) => void (line.type() === 'error' && complaints.push(line.text())));
  page.on('pageerror', (error) => void complaints.push(error.message));
  await page.route('http://localhost/**', (route) =>
    route.fulfill({
      contentType: 'text/html; charset=utf-8',
      headers: { 'content-security-policy': policyFor(nonce) },
      body: variants[variant][decodeURIComponent(new URL(route.request().url()).pathname.slice(1))] ?? '',
    }),
  );
  const visit = (name: string) => page.goto(`http://localhost/${encodeURIComponent(name)}`);
  return { page, visit, complaints, [Symbol.asyncDispose]: () => page.context().close() };
}

describe('every page of the account in a browser', () => {
  for (const variant of Object.keys(variants) as Variant[])
    it(`has no axe violation, light and dark, ${variant}`, async () => {
      // Or the colours of one look are still on their way to those of the other.
      await using shown = await open(variant, { reducedMotion: 'reduce' });
      for (const name of names) {
        await shown.page.emulateMedia({ colorScheme: 'light' });
        await shown.visit(name);
        await shown.page.evaluate(axe);
        const rules = variant === 'garish' ? colourRules : undefined;
        assert.deepEqual(await axeFindings(shown.page, rules), [], name);
        await shown.page.emulateMedia({ colorScheme: 'dark' });
        assert.deepEqual(await axeFindings(shown.page, colourRules), [], `${name}, dark`);
      }
      assert.deepEqual(shown.complaints, []);
    });

  for (const variant of ['ltr', 'rtl'] as const)
    it(`fits the smallest phone, with targets a finger can hit, ${variant}`, async () => {
      await using shown = await open(variant, { viewport: { width: 320, height: 640 } });
      for (const name of names) {
        await shown.visit(name);
        assert.ok((await shown.page.evaluate<number>('document.documentElement.scrollWidth')) <= 320, name);
        const tooSmall =
          await shown.page.evaluate(`[...document.querySelectorAll('a, button, input:not([type=hidden], [hidden])')]
          .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 44).map((element) => element.outerHTML)`);
        assert.deepEqual(tooSmall, [], name);
        assert.deepEqual(await keyboardFindings(shown.page), [], name);
      }
    });

  it('has one h1 and at most one primary button, and a way back from whatever is changed', async () => {
    await using shown = await open('ltr');
    for (const name of names) {
      await shown.visit(name);
      assert.equal(await shown.page.getByRole('heading', { level: 1 }).count(), 1, name);
      assert.ok((await shown.page.locator('.button:not(.secondary)').count()) <= 1, name);
      if (name.startsWith('account') || name === 'recovery codes') continue;
      const back = name.startsWith('email code') ? 'Use another email' : 'Back to your account';
      assert.equal(await shown.page.getByRole('link', { name: back }).count(), 1, name);
    }
  });
});
