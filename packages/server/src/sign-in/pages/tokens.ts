/**
 * The design tokens: every colour, the two typefaces and the radius, for the hosted pages and for the other pages that
 * the server draws. A page that needs a value of its own names it here, so that the pages cannot drift apart.
 *
 * Colours are plain values under two media queries: `light-dark()` and `color-mix()` would be shorter, but a browser
 * from 2022 drops such a declaration, and a sign-in page without borders on its fields is not one.
 *
 * Ratios that hold in both modes: text 4.5:1 on its own ground, `--control` (a field's border) and `--brand` 3:1.
 */

/** Also painted into the icons, which see no stylesheet. */
export const brand = { light: '#3d5afe', dark: '#8ea0ff', textOnLight: '#fff', textOnDark: '#0b1020' } as const;

const light = `
  --page: #f6f7f9;
  --surface: #fff;
  --sunken: #f6f7f9;
  --line: #e4e6eb;
  --control: #868d9b;
  --text: #16181d;
  --text-soft: #5b616e;
  --text-faint: #666d7b;
  --brand: ${brand.light};
  --brand-hover: #2f4be8;
  --brand-active: #263fcb;
  --brand-text: ${brand.textOnLight};
  --brand-soft: #eef1ff;
  --danger: #c62f3b;
  --danger-soft: #fdf0f0;
  --warn: #925600;
  --warn-soft: #fff6e5;
  --warn-line: #f3e2c1;
  --good: #18774a;
  --good-soft: #edf8f2;
  --shadow: 0 1px 2px rgb(16 20 32 / .05), 0 8px 24px -6px rgb(16 20 32 / .1);
`;

const dark = `
  --page: #0c0d10;
  --surface: #141519;
  --sunken: #0f1013;
  --line: #26282f;
  --control: #686d7a;
  --text: #eceef2;
  --text-soft: #a0a6b3;
  --text-faint: #8b92a0;
  --brand: ${brand.dark};
  --brand-hover: #a3b2ff;
  --brand-active: #b7c2ff;
  --brand-text: ${brand.textOnDark};
  --brand-soft: #1b1e31;
  --danger: #ff8a8f;
  --danger-soft: #2a1618;
  --warn: #f2b866;
  --warn-soft: #2a2113;
  --warn-line: #40331c;
  --good: #5dd39e;
  --good-soft: #12241b;
  --shadow: 0 1px 2px rgb(0 0 0 / .3), 0 12px 32px -8px rgb(0 0 0 / .4);
`;

/** As CSS, with what follows the person's own settings: dark pages, more contrast. */
export const tokens = `
:root {
  color-scheme: light dark;
  --font: Inter, "Inter Variable", ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
  --radius: 10px;
${light}}
@media (prefers-color-scheme: dark) { :root { ${dark} } }
@media (prefers-contrast: more) {
  :root {
    --line: currentColor;
    --control: currentColor;
    --text-soft: var(--text);
    --text-faint: var(--text);
  }
}
`;
