/** What the lists of own CSS promise, in a real browser: at its worst it hides nothing, covers nothing and shrinks nothing. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { launchBrowser, type TestBrowser } from '../../test/browser.ts';
import { accountExamples } from '../account/index.ts';
import { type Brand, lookOf, ownBrand, parts, rebuildCss, untouchable } from '../branding/index.ts';
import { type AppView, signInExamples } from '../sign-in/index.ts';

const staging: AppView = {
  name: 'Acme',
  environmentName: 'Preview',
  environmentKind: 'staging',
  termsUrl: 'https://acme.example/terms',
  privacyUrl: 'https://acme.example/privacy',
};

/** The first or the last of what a property takes, by what it says of itself. */
function extreme(says: string, isMost: boolean): string {
  const [, least, most, unit = ''] = / of (-?[\d.]+) to ([\d.]+)(px|em)?/.exec(says) ?? [];
  if (least !== undefined) return `${isMost ? most : least}${unit}`;
  const known = says.split(/; or |, /).map((word) => word.replace('one of ', ''));
  return (isMost ? known.at(-1) : known[0]) ?? '';
}

/** Each part with each of its properties at one end. */
const sheetOf = (isMost: boolean): string =>
  Object.entries(parts)
    .map(([part, { takes }]) => {
      const declarations = Object.entries(takes).map(([property, { says }]) => `${property}: ${extreme(says, isMost)}`);
      return `${part} { ${declarations.join('; ')} }`;
    })
    .join('\n');

const sheets = { least: sheetOf(false), most: sheetOf(true) };

const pagesIn = (part: Partial<Brand>): Readonly<Record<string, string>> => {
  const look = lookOf({ ...ownBrand, ...part }, 'environment');
  return { ...signInExamples({ look, production: staging }), ...accountExamples({ look, app: staging }) };
};

const looked = [
  ...[
    'sign-in',
    'sign-in many providers',
    'password wrong',
    'sign-up several errors',
    'sign-on-consent',
    'device confirm',
  ],
  ...['choose-organization', 'verify-email wrong', 'error redirect mismatch', 'account', 'email rate limited'],
];

let browser: TestBrowser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser?.close());

/** What is too small, out of sight or below something else, as sentences. */
const findings = `(() => {
  const found = [];
  const shown = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility({ visibilityProperty: true }));
  const px = (one) => parseFloat(getComputedStyle(one).fontSize);
  for (const one of shown('body *'))
    if ([...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) && px(one) < 12) found.push('tiny: ' + one.outerHTML);
  for (const one of shown('input:not([type=hidden])')) if (px(one) < 16) found.push('tiny: ' + one.outerHTML);
  for (const one of shown('a, button, input:not([type=hidden], [type=checkbox])'))
    if (one.getBoundingClientRect().height < 44) found.push('low: ' + one.outerHTML);
  for (const selector of ['.strip', '.message', '.note', '.facts dt', '.facts dd', 'h1', '.context', 'label', '.box input', '.button', '.hint'])
    for (const one of shown(selector)) {
      one.scrollIntoView({ block: 'center' });
      const { left, top, width, height } = one.getBoundingClientRect();
      const top_ = document.elementFromPoint(left + width / 2, top + height / 2);
      if (!(width > 0 && height > 0) || !top_ || !(one.contains(top_) || top_.contains(one))) found.push('covered: ' + one.outerHTML);
    }
  for (const one of shown('body *'))
    if (one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.unseen, .code')) found.push('wide: ' + one.outerHTML.slice(0, 200));
  return found;
})()`;

describe('own CSS in a browser', () => {
  it('is tried with all that may be said', () => {
    for (const css of Object.values(sheets)) assert.deepEqual(rebuildCss(css).faults, []);
  });

  for (const [name, css] of Object.entries(sheets))
    for (const width of [1280, 320])
      it(`at its ${name} leaves everything readable, in sight and within reach, ${width} pixels wide`, async () => {
        const pages = pagesIn({ css });
        await using page = await browser.newPage({ viewport: { width, height: 800 } });
        for (const example of looked) {
          await page.setContent(pages[example] ?? assert.fail(`There is no page '${example}'.`));
          assert.deepEqual(await page.evaluate(findings), [], example);
          assert.equal(await page.locator('.strip').isVisible(), true, example);
        }
      });

  it('has names for what stands on pages', () => {
    const pages = [pagesIn({}), pagesIn({ logo: 'a'.repeat(64) })].flatMap((drawn) => Object.values(drawn));
    const documents = pages.map((document) => document.replace(/<style.*?<\/style>/s, ''));
    for (const part of [...Object.keys(parts), ...untouchable]) {
      const marked = part.startsWith('.')
        ? new RegExp(` class="([^"]* )?${part.slice(1)}[ "]`)
        : new RegExp(`<${part}[ >]`);
      assert.ok(
        documents.some((document) => marked.test(document)),
        part,
      );
    }
  });
});
