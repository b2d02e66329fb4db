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
