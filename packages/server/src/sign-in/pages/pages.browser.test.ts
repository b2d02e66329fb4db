/** The hosted pages in a real browser, under the policy they are served with: what people see, press and hear. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser, type TestBrowser } from '../../../test/browser.ts';
import { axe, axeFindings, colourRules, garish, keyboardFindings, policyFor } from '../../../test/pages.ts';
import { locales } from '../../texts/index.ts';
import { examples } from './examples.ts';

const nonce = 'n0nce';
const names = Object.keys(examples());
const documents = {
  ltr: examples({ nonce }),
  rtl: examples({ nonce, locale: 'ar' }),
  garish: examples({ nonce, look: garish }),
};
type Variant = keyof typeof documents;
const isVariant = (name: string | null): name is Variant => name !== null && name in documents;

let server: Server;
let browser: TestBrowser;
let origin: string;
/** Bodies of the forms that arrived. */
let posted: string[] = [];
/** How long the server thinks before it answers a form. */
let thinkingMs = 0;

before(async () => {
  server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (request.method === 'POST') {
      let body = '';
      for await (const chunk of request) body += chunk;
      posted.push(body);
      await new Promise((resolve) => setTimeout(resolve, thinkingMs));
      response.setHeader('content-type', 'text/html').end('<h1>Arrived</h1>');
      return;
    }
    const wanted = searchParams.get('dir');
    const variant = isVariant(wanted) ? wanted : 'ltr';
    response
      .setHeader('content-type', 'text/html; charset=utf-8')
      .setHeader('content-security-policy', policyFor(nonce))
      .end(documents[variant][decodeURIComponent(pathname.slice(1))] ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await launchBrowser();
});

after(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
});

/** A fresh page at one of the examples. What it complains about in its console fails the test that asks. */
async function open(name: string, options: BrowserContextOptions & { query?: string } = {}) {
  const { query = '', ...context } = options;
  posted = [];
  thinkingMs = 0;
  const page = await browser.newPage(context);
  const complaints: string[] = [];
  page.on('console', (line) => void (line.type() === 'error' && complaints.push(line.text())));
  page.on('pageerror', (error) => void complaints.push(error.message));
  await page.goto(`${origin}/${encodeURIComponent(name)}${query}`);
  return Object.assign(page, { complaints, [Symbol.asyncDispose]: () => page.context().close() });
}

const visit = (page: Page, name: string, query = '') => page.goto(`${origin}/${encodeURIComponent(name)}${query}`);

const arrived = (page: Page) => page.getByText('Arrived').waitFor();

describe('every hosted page in a browser', () => {
  for (const dir of Object.keys(documents) as Variant[])
    it(`has no axe violation, light and dark, ${dir} (UI 33, 38)`, async () => {
      // Or the colours of one look are still on their way to those of the other.
      await using page = await open('sign-in', { reducedMotion: 'reduce' });
      for (const name of names) {
        await page.emulateMedia({ colorScheme: 'light' });
        await visit(page, name, `?dir=${dir}`);
        await page.evaluate(axe);
        assert.deepEqual(await axeFindings(page, dir === 'garish' ? colourRules : undefined), [], name);
        await page.emulateMedia({ colorScheme: 'dark' });
        assert.deepEqual(await axeFindings(page, colourRules), [], `${name}, dark`);
      }
      assert.deepEqual(page.complaints, []);
    });

  it('never scrolls sideways, whatever the width and however large or spaced the text (UI 1, 36)', async () => {
    await using page = await open('sign-in', { bypassCSP: true });
    const height = 640;
    const widthOf = () => page.evaluate<number>('document.documentElement.scrollWidth');
    for (const name of names) {
      await page.setViewportSize({ width: 1440, height });
      await visit(page, name);
      assert.ok((await widthOf()) <= 1440, name);
      await page.setViewportSize({ width: 320, height });
      assert.ok((await widthOf()) <= 320, `${name} at 320 px`);
      // What WCAG 2.2 success criterion 1.4.12 lets people set.
      const spaced = await page.addStyleTag({
        content:
          '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important }',
      });
      assert.ok((await widthOf()) <= 320, `${name} at 320 px with its letters apart`);
      const cut = await page.evaluate(`[...document.querySelectorAll('button, label, h1, summary')]
        .filter((element) => element.checkVisibility() && !element.closest('.code') && element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline')
        .map((element) => element.outerHTML.slice(0, 120))`);
      assert.deepEqual(cut, [], name);
      await spaced.evaluate((style: { remove(): void }) => style.remove());
      await page.addStyleTag({ content: 'html { font-size: 200% }' });
      assert.ok((await widthOf()) <= 320, `${name} at 320 px with text twice as large`);
    }
  });

  it('has room for texts 40 % longer, on the smallest phone (UI 41)', async () => {
    await using page = await open('sign-in', { viewport: { width: 320, height: 640 } });
    for (const name of names) {
      await visit(page, name);
      const overflowing = await page.evaluate(`{
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        const texts = [];
        while (walker.nextNode()) texts.push(walker.currentNode);
        for (const text of texts) {
          if (!text.data.trim() || text.parentElement.closest('script, style, code')) continue;
          const more = Math.ceil(text.data.trim().length * 0.4);
          text.data += ' ' + 'mehr '.repeat(Math.ceil(more / 5)).slice(0, more);
        }
        const wide = [...document.querySelectorAll('button, label, h1, summary')]
          .filter((element) => element.checkVisibility() && element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline');
        [document.documentElement.scrollWidth > 320 && 'the page', ...wide.map((element) => element.outerHTML.slice(0, 120))].filter(Boolean)
      }`);
      assert.deepEqual(overflowing, [], name);
    }
  });

  it('has targets a finger can hit, text one can read, and an order for the keyboard (UI 3, 4, 32, 38)', async () => {
    await using page = await open('sign-in', { viewport: { width: 375, height: 667 } });
    for (const name of names) {
      await visit(page, name);
      const tooSmall = await page.evaluate(`[...document.querySelectorAll('a, button, input:not([type=hidden])')]
        .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 44).map((element) => element.outerHTML)`);
      assert.deepEqual(tooSmall, [], name);
      const smallText = await page.evaluate(`[...document.querySelectorAll('input:not([type=hidden])')]
        .filter((element) => parseFloat(getComputedStyle(element).fontSize) < 16).map((element) => element.id)`);
      assert.deepEqual(smallText, [], name);
      const tooFine = await page.evaluate(`{
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        const fine = [];
        while (walker.nextNode()) {
          const { data, parentElement } = walker.currentNode;
          if (data.trim() && !parentElement.closest('script, style') && parseFloat(getComputedStyle(parentElement).fontSize) < 12) fine.push(data);
        }
        fine
      }`);
      assert.deepEqual(tooFine, [], name);
      assert.deepEqual(await keyboardFindings(page), [], name);
    }
  });

  it('squeezes no button of many, in any language (UI 41)', async () => {
    await using page = await open('sign-in');
    for (const width of [320, 375, 480])
      for (const locale of locales) {
        await page.setViewportSize({ width, height: 640 });
        await page.setContent(examples({ nonce, locale })['sign-in many providers'] ?? '');
        const sizes = await page.evaluate<number[][]>(`[...document.querySelectorAll('.socials .button')]
          .map(({ offsetWidth, offsetHeight, scrollWidth, clientWidth }) => [offsetWidth, offsetHeight, scrollWidth - clientWidth])`);
        const [first = []] = sizes;
        for (const [wide, high = 0, over] of sizes) {
          assert.deepEqual([wide, over], [first[0], 0], `${locale} at ${width} px`);
          assert.ok(high <= 88, `${locale} at ${width} px: ${high} px high`);
        }
      }
  });

  it('is one card of 400 px in the middle, and the whole page on a phone (UI 1, 2, 5)', async () => {
    await using page = await open('sign-in one provider', { viewport: { width: 1280, height: 900 } });
    const card = () =>
      page.evaluate<Record<string, unknown>>(`{
        const card = document.querySelector('.card');
        const { left, right, top, bottom, width } = card.getBoundingClientRect();
        const { borderTopWidth, paddingInlineStart } = getComputedStyle(card);
        const main = document.querySelector('main').getBoundingClientRect();
        ({ width, border: borderTopWidth, padding: paddingInlineStart, across: left - (innerWidth - right), down: Math.round(top - main.top - (main.bottom - bottom)) })
      }`);
    assert.deepEqual(await card(), { width: 400, border: '1px', padding: '32px', across: 0, down: 0 });
    await page.setViewportSize({ width: 479, height: 900 });
    assert.deepEqual(
      { ...(await card()), down: 0 },
      { width: 479, border: '0px', padding: '24px', across: 0, down: 0 },
    );
    // From the mark to the link to sign up, as one reads.
    const tops = await page.evaluate<
      number[]
    >(`['.mark', 'h1', '.context', '.socials', '.or', '#email', '.button[type=submit]:not(.secondary)', '.more', 'footer']
      .map((part) => document.querySelector(part).getBoundingClientRect().top)`);
    assert.deepEqual(
      tops,
      [...tops].sort((a, b) => a - b),
    );
    const button = await page.getByRole('button', { name: 'Continue', exact: true }).boundingBox();
    assert.deepEqual([button?.width, button?.height], [479 - 48, 44]);
  });

  it('respects what somebody has set: no motion, more contrast, colours of their own (UI 36)', async () => {
    await using page = await open('sign-up with work');
    const styleOf = (selector: string, ...names: string[]) =>
      page.evaluate<string[]>(`{
        const style = getComputedStyle(document.querySelector(${JSON.stringify(selector)}));
        ${JSON.stringify(names)}.map((name) => style.getPropertyValue(name))
      }`);
    const [moving] = await styleOf('.button', 'transition-duration');
    assert.notEqual(moving, '0s');
    await page.emulateMedia({ reducedMotion: 'reduce' });
    assert.deepEqual(await styleOf('.button', 'transition-duration'), ['0s']);
    await page.emulateMedia({ contrast: 'more' });
    const [line, text] = await styleOf('.hinted .box', 'border-top-color', 'color');
    assert.equal(line, text, 'the frame of a field is as dark as text');
    assert.equal((await styleOf('.hint', 'color'))[0], text, 'a hint is as dark as text');
    await page.emulateMedia({ forcedColors: 'active' });
    const isDrawn = await page.evaluate(`{
      const meter = document.querySelector('.meter');
      meter.dataset.level = '2';
      const [second, third] = [meter.children[1], meter.children[2]].map((bar) => getComputedStyle(bar).backgroundColor);
      second !== third && getComputedStyle(document.querySelector('.mark')).borderTopStyle === 'solid'
    }`);
    assert.equal(isDrawn, true, 'bars and mark keep their shape where colours are the system’s');
  });

  it('moves nothing below a field when its error goes (UI 6, 24)', async () => {
    await using page = await open('sign-in field error');
    const button = page.getByRole('button', { name: 'Continue' });
    const before = await button.boundingBox();
    await page.getByLabel('Email').fill('grace@example.com');
    assert.equal(await page.getByLabel('Email').getAttribute('aria-invalid'), null);
    assert.equal(await page.getByText('Enter an address').isVisible(), false);
    assert.deepEqual(await button.boundingBox(), before);
  });

  it('says no more that fields need a look when none does', async () => {
    await using page = await open('sign-up several errors');
    const summary = page.getByRole('alert').filter({ hasText: 'Please check the' });
    assert.equal(await summary.isVisible(), true);
    const faults = page.locator('[aria-invalid=true]');
    for (let left = await faults.count(); left > 0; left--) {
      assert.equal(await summary.isVisible(), true);
      await faults.first().fill('grace@example.com');
    }
    assert.equal(await summary.isVisible(), false);
  });

  it('lets an error take the place of the rule it is about, and moves nothing when they change places', async () => {
    const spaceAbove = (page: Page) =>
      page.evaluate<number>(`document.querySelector('.button').getBoundingClientRect().top
        - document.querySelector('.hinted .box').getBoundingClientRect().bottom`);
    await using untouched = await open('sign-up');
    await using page = await open('sign-up weak password');
    const [error, rule] = [
      page.getByText('This password is too easy to guess'),
      page.getByText('At least 10 characters'),
    ];
    assert.deepEqual([await error.isVisible(), await rule.isVisible()], [true, false]);
    assert.equal(await spaceAbove(page), await spaceAbove(untouched));
    await page.getByLabel('Password').fill('c');
    assert.deepEqual([await error.isVisible(), await rule.isVisible()], [false, true]);
    assert.equal(await spaceAbove(page), await spaceAbove(untouched));
  });

  it('never leaves a full stop alone on a line, whatever the width (UI 40)', async () => {
    for (const dir of ['ltr', 'rtl'] as const) {
      await using page = await open('sign-on-consent', { query: `?dir=${dir}` });
      for (let width = 320; width <= 520; width += 4) {
        await page.setViewportSize({ width, height: 640 });
        const alone = await page.evaluate(`[...document.querySelectorAll('.joint')].filter((joint) => {
          const mark = document.createRange();
          mark.selectNode(joint.lastChild);
          return mark.getBoundingClientRect().top >= joint.firstElementChild.getBoundingClientRect().bottom;
        }).length`);
        assert.equal(alone, 0, `${dir} at ${width} px`);
      }
    }
  });

  it('gives a long address the whole width of a phone, and cuts it between letters', async () => {
    await using page = await open('password long address', { viewport: { width: 320, height: 640 } });
    const { input, box, overflow } = await page.evaluate<Record<string, unknown>>(`{
      const input = document.getElementById('email');
      ({ input: input.offsetWidth, box: input.parentElement.offsetWidth, overflow: getComputedStyle(input).textOverflow })
    }`);
    assert.deepEqual([input, overflow], [box, 'ellipsis']);
  });

  it('walks through the password page by keyboard, in the order one sees and with a ring to follow (UI 32)', async () => {
    await using page = await open('password');
    const path: string[] = [];
    await page.getByRole('link', { name: 'Change email' }).focus();
    for (let step = 0; step < 6; step++) {
      path.push(await page.evaluate(`document.activeElement.innerText?.trim() || document.activeElement.id`));
      const ring = await page.evaluate(`[document.activeElement, document.activeElement.parentElement]
        .some((element) => { const style = getComputedStyle(element); return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2; })`);
      assert.equal(ring, true, `${path.at(-1)} shows that it has the focus`);
      await page.keyboard.press('Tab');
    }
    assert.deepEqual(
      path.map((name) => name.replace(/\s+/g, ' ')),
      ['Change email', 'email', 'password', 'Show password', 'Sign in', 'Create an account'],
    );
  });
});

describe('the script', () => {
  it('shows and hides the password, and sends it hidden (UI 15, 17)', async () => {
    await using page = await open('password');
    const password = page.getByLabel('Password');
    await password.fill('correct horse');
    const isPasted = await page.evaluate(`document.getElementById('password').dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: new DataTransfer(), cancelable: true, bubbles: true }))`);
    assert.equal(isPasted, true, 'nothing stands against a paste (UI 17)');
    await page.getByRole('button', { name: 'Show password' }).click();
    assert.equal(await password.getAttribute('type'), 'text');
    assert.equal(await page.getByRole('button', { name: 'Hide password' }).getAttribute('aria-pressed'), 'true');
    // In one piece: Playwright's own calls wait for the navigation that the submit begins.
    const sentAs = await page.evaluate(`{
      document.querySelector('form').requestSubmit();
      document.getElementById('password').type;
    }`);
    assert.equal(sentAs, 'password');
    await arrived(page);
    assert.match(posted.join(), /&password=correct\+horse$/);
  });

  it('sends a form once, and keeps the button as wide as it was (UI 6, 29)', async () => {
    await using page = await open('sign-in');
    thinkingMs = 500;
    await page.getByLabel('Email').fill('grace@example.com');
    // In one piece: Playwright's own calls wait for the navigation that the first submit begins.
    const { before, during, disabled } = await page.evaluate<Record<string, unknown>>(`new Promise((resolve) => {
      const button = document.querySelector('.button');
      const size = () => { const { width, height, x, y } = button.getBoundingClientRect(); return { width, height, x, y }; };
      const before = size();
      for (let i = 0; i < 3; i++) document.querySelector('form').requestSubmit();
      setTimeout(() => resolve({ before, during: size(), disabled: button.disabled }), 100);
    })`);
    assert.equal(disabled, true);
    assert.deepEqual(during, before);
    await arrived(page);
    assert.deepEqual(posted, ['csrf=token&step=email&passkeys=&email=grace%40example.com']);
  });

  it('gives the button back when one returns to the page', async () => {
    await using page = await open('sign-in');
    await page.getByLabel('Email').fill('grace@example.com');
    await page.getByRole('button', { name: 'Continue' }).click();
    await arrived(page);
    await page.goBack();
    assert.equal(await page.getByRole('button', { name: 'Continue' }).isEnabled(), true);
  });

  it('says so when the browser is offline, and sends nothing (UI 23)', async () => {
    await using page = await open('sign-in');
    await page.context().setOffline(true);
    await page.getByRole('button', { name: 'Continue' }).click();
    assert.equal(
      await page.getByRole('alert').innerText(),
      'You seem to be offline. Check your connection and try again.',
    );
    await page.context().setOffline(false);
    await page.getByRole('alert').waitFor({ state: 'hidden' });
    assert.deepEqual(posted, []);
  });

  it('counts a wait down and then opens the button (UI 27, 28)', async () => {
    await using page = await open('verify-email');
    const again = page.getByRole('button', { name: 'Send again', exact: true });
    assert.equal(await again.isDisabled(), true);
    assert.match(await again.innerText(), /^Send again\sin 0:2\d$/);
    await using hurried = await browser
      .newPage()
      .then((fresh) => Object.assign(fresh, { [Symbol.asyncDispose]: () => fresh.context().close() }));
    await hurried.clock.install();
    await visit(hurried, 'verify-email');
    await hurried.clock.runFor(25_000);
    assert.equal(await hurried.getByRole('button', { name: 'Send again', exact: true }).isEnabled(), true);
    assert.equal(await hurried.locator('#status').innerText(), 'You can ask for a new code now.');
    // A limit counts for eyes alone, and is announced once, when it is over (UI 27).
    await visit(hurried, 'sign-in rate limited');
    const count = hurried.locator('.note-wait .count');
    await hurried.clock.runFor(2000);
    assert.match(await count.innerText(), /^Try again in 0:4[01]\.$/);
    assert.equal(await count.getAttribute('aria-hidden'), 'true');
    assert.equal(await hurried.locator('#status').innerText(), '');
    await hurried.clock.runFor(43_000);
    assert.equal(await count.innerText(), 'You can try again now.');
    assert.equal(await hurried.locator('#status').innerText(), 'You can try again now.');
  });
});

describe('the code field', () => {
  /** By id: in the rtl documents its label is Arabic. */
  const code = (page: Page) => page.locator('#code');
  const paste = (page: Page, text: string) =>
    page.evaluate(`{
      const data = new DataTransfer();
      data.setData('text/plain', ${JSON.stringify(text)});
      document.getElementById('code').dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, cancelable: true, bubbles: true }));
    }`);

  it('sends itself after the sixth typed digit, leading zeros and all (UI 18)', async () => {
    await using page = await open('verify-email');
    await code(page).pressSequentially('004187');
    await arrived(page);
    assert.deepEqual(posted, ['csrf=token&step=code&passkeys=&code=004187']);
  });

  it('sends once when somebody is faster with the button', async () => {
    await using page = await open('verify-email');
    thinkingMs = 700;
    await code(page).fill('418702');
    await page.getByRole('button', { name: 'Continue' }).click();
    await arrived(page);
    assert.equal(posted.length, 1);
  });

  it('takes the digits out of what is pasted (UI 18)', async () => {
    for (const [pasted, value] of [
      ['418-702', '418702'],
      [' 4187 02\n', '418702'],
      ['٤١٨٧٠٢', '418702'],
      ['no digits', ''],
      ['41 8', '418'],
    ]) {
      await using page = await open('verify-email');
      await paste(page, pasted ?? '');
      assert.equal(await code(page).inputValue(), value);
    }
  });

  it('does not send what a script filled in', async () => {
    await using page = await open('verify-email');
    await page.evaluate(`{
      const code = document.getElementById('code');
      code.value = '418702';
      code.dispatchEvent(new Event('input', { bubbles: true }));
    }`);
    await page.waitForTimeout(800);
    assert.deepEqual(posted, []);
  });

  for (const [dir, width] of [
    ['ltr', 1280],
    ['rtl', 1280],
    ['ltr', 320],
  ] as const)
    it(`keeps each digit in its cell, ${dir} at ${width} px`, async () => {
      await using page = await open('verify-email', { query: `?dir=${dir}`, viewport: { width, height: 640 } });
      // Six digits send themselves after a moment, which must not come while they are measured.
      await page.clock.install();
      await page.reload();
      await page.clock.pauseAt(Date.now() + 60_000);
      await code(page).fill('41870');
      await page.keyboard.type('2');
      // Digits have no boxes of their own; the text is as wide as six cells and five gaps, and starts in the first.
      const { scrolled, start, cell, advance, step } = await page.evaluate<Record<string, number>>(`{
        const input = document.getElementById('code');
        const style = getComputedStyle(input);
        const [first, second] = [...document.querySelectorAll('.cells i')].map((cell) => cell.getBoundingClientRect());
        const canvas = document.createElement('canvas').getContext('2d');
        canvas.font = style.fontWeight + ' ' + style.fontSize + ' ' + style.fontFamily;
        const digit = canvas.measureText('0').width;
        ({
          scrolled: input.scrollLeft,
          start: input.getBoundingClientRect().left + parseFloat(style.paddingLeft) + digit / 2,
          cell: first.left + first.width / 2,
          advance: digit + parseFloat(style.letterSpacing),
          step: second.left - first.left,
        })
      }`);
      assert.equal(scrolled, 0);
      assert.ok(Math.abs((start ?? 0) - (cell ?? 99)) < 1.5, `first digit at ${start}, its cell at ${cell}`);
      assert.ok(Math.abs((advance ?? 0) - (step ?? 99)) < 0.3, `a digit takes ${advance}, a cell ${step}`);
      assert.equal(await page.evaluate(`getComputedStyle(document.getElementById('code')).textAlign`), 'start');
    });
});

describe('without script', () => {
  it('every button is ready and nothing is offered that needs script (UI 37)', async () => {
    await using page = await open('verify-email', { javaScriptEnabled: false });
    assert.equal(await page.getByRole('button', { name: 'Send again' }).isEnabled(), true);
    await visit(page, 'password');
    assert.equal(await page.getByRole('button', { name: 'Show password' }).count(), 0);
    await page.getByLabel('Password').fill('correct horse');
    await page.getByRole('button', { name: 'Sign in' }).click();
    assert.deepEqual(posted, ['csrf=token&step=password&passkeys=&email=grace%40example.com&password=correct+horse']);
  });
});
