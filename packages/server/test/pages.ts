/** What the tests of pages share: the policy they are served under, a brand in bad taste, and what axe says of them. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { lookOf, ownBrand } from '../src/branding/index.ts';

export const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const policyFor = (nonce: string): string =>
  `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

/** What an operator with bad taste could choose. */
export const garish = lookOf(
  {
    ...ownBrand,
    radius: 0,
    font: 'mono',
    layout: 'end',
    light: { page: '#ff00aa', button: '#ffee00', button_text: '#ffffff', link: '#ffcc00' },
    dark: { page: '#003300', button: '#002200', button_text: '#111111', link: '#003311' },
    css: `main { align-items: flex-end; padding-inline: 48px } .card { max-width: 320px; border-width: 8px; border-color: var(--line); text-align: center }
      .mark { margin-inline: auto } h1 { font-size: 48px; font-weight: 900; text-transform: uppercase; letter-spacing: .2em }
      .context { font-size: 24px; font-weight: 300; line-height: 1.2 } label { font-size: 12px; font-weight: 300 } .box, .row { border-color: var(--link) }
      .text-button { text-decoration: underline; font-weight: 300 } .more { font-size: 12px; text-align: end }`,
  },
  'environment',
);

/** What colours can break. In the dark, and in another look, a document is the same but for those. */
export const colourRules: readonly string[] = ['color-contrast', 'link-in-text-block'];

/** The rules of WCAG 2.2, level AA; axe has others, of good practice. */
export const wcag: readonly string[] = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** `rule at selector`, a line for each violation of a page that axe was loaded into. @param rules - all, when not given */
export const axeFindings = (page: Page, rules?: readonly string[]): Promise<string[]> => {
  const options = { resultTypes: ['violations'], ...(rules && { runOnly: rules }) };
  return page.evaluate(`axe.run(document, ${JSON.stringify(options)}).then((result) =>
    result.violations.map(({ id, nodes }) => id + ' at ' + nodes.map(({ target }) => target).join(', ')))`);
};

/**
 * What somebody at the keyboard would miss on a page: a thing that cannot be reached, an order that is not the one they
 * see, a thing that does not show that it has the focus. Nothing is pressed, so a hundred pages take seconds.
 */
export const keyboardFindings = (page: Page): Promise<string[]> =>
  page.evaluate(`{
    const named = (element) => element.outerHTML.slice(0, 120);
    const rtl = document.documentElement.dir === 'rtl';
    const stops = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), summary')]
      .filter((element) => element.checkVisibility() && !element.disabled && !element.closest('.languages form'));
    const places = stops.map((element) => element.getBoundingClientRect());
    const middle = ({ top, height }) => top + height / 2;
    const found = [...document.querySelectorAll('[tabindex]:not([tabindex="-1"])')].map((element) => 'order by number: ' + named(element));
    stops.forEach((element, at) => {
      const [here, before] = [places[at], places[at - 1]];
      if (before) {
        const isBeside = Math.abs(middle(here) - middle(before)) < Math.max(here.height, before.height) / 2;
        const isAfter = rtl ? here.right <= before.right : here.left >= before.left;
        if (isBeside ? !isAfter : middle(here) < middle(before)) found.push('out of order: ' + named(element));
      }
      element.focus();
      if (document.activeElement !== element) found.push('not reached: ' + named(element));
      // A field's frame is drawn around it, and of six cells by the one where the next digit goes.
      const drawn = [element, element.parentElement, ...element.parentElement.querySelectorAll('i')];
      const ringed = drawn.some((one) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(one);
        return outlineStyle !== 'none' && parseFloat(outlineWidth) >= (one.tagName === 'I' ? 1 : 2);
      });
      if (!ringed) found.push('no ring: ' + named(element));
    });
    document.activeElement.blur();
    found
  }`);
