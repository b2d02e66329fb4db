/**
 * The design tokens: every colour, the two typefaces and the radius, for the hosted pages and for the other pages that
 * the server draws. A page that needs a value of its own names it here, so that the pages cannot drift apart.
 *
 * Colours are plain values under two media queries: `light-dark()` and `color-mix()` would be shorter, but a browser
 * from 2022 drops such a declaration, and a sign-in page without borders on its fields is not one.
 *
 * Ratios that hold in both modes: text 4.5:1 on its own ground (`page-soft` on `page`, `link` on `surface`, `brand-text`
 * on `brand` and its darker states), `control` (a field's border), `focus` and the edge of the button 3:1.
 */
import { type Font, familyOf } from './fonts.ts';

/** Where the card stands on a wide screen, as the language runs. */
export const layouts = ['center', 'start', 'end'] as const;
export type Layout = (typeof layouts)[number];

export const modes = ['light', 'dark'] as const;
export type Mode = (typeof modes)[number];

const light = {
  page: '#f6f7f9',
  'page-soft': '#666d7b',
  surface: '#ffffff',
  sunken: '#f6f7f9',
  line: '#e4e6eb',
  control: '#868d9b',
  text: '#16181d',
  'text-soft': '#5b616e',
  'text-faint': '#666d7b',
  brand: '#3d5afe',
  'brand-hover': '#2f4be8',
  'brand-active': '#263fcb',
  'brand-text': '#ffffff',
  'brand-soft': '#eef1ff',
  /** The edge of what is filled with `brand`, where that hardly differs from the ground. */
  'brand-line': 'transparent',
  link: '#3d5afe',
  focus: '#3d5afe',
  danger: '#c62f3b',
  'danger-soft': '#fdf0f0',
  warn: '#925600',
  'warn-soft': '#fff6e5',
  'warn-line': '#f3e2c1',
  good: '#18774a',
  'good-soft': '#edf8f2',
  shadow: '0 1px 2px rgb(16 20 32 / .05), 0 8px 24px -6px rgb(16 20 32 / .1)',
} as const;

export type Token = keyof typeof light;

const dark: Readonly<Record<Token, string>> = {
  page: '#0c0d10',
  'page-soft': '#8b92a0',
  surface: '#141519',
  sunken: '#0f1013',
  line: '#26282f',
  control: '#686d7a',
  text: '#eceef2',
  'text-soft': '#a0a6b3',
  'text-faint': '#8b92a0',
  brand: '#8ea0ff',
  'brand-hover': '#a3b2ff',
  'brand-active': '#b7c2ff',
  'brand-text': '#0b1020',
  'brand-soft': '#1b1e31',
  'brand-line': 'transparent',
  link: '#8ea0ff',
  focus: '#8ea0ff',
  danger: '#ff8a8f',
  'danger-soft': '#2a1618',
  warn: '#f2b866',
  'warn-soft': '#2a2113',
  'warn-line': '#40331c',
  good: '#5dd39e',
  'good-soft': '#12241b',
  shadow: '0 1px 2px rgb(0 0 0 / .3), 0 12px 32px -8px rgb(0 0 0 / .4)',
};

export type Palette = Readonly<Record<Token, string>>;

export const ownPalettes: Readonly<Record<Mode, Palette>> = { light, dark };

/** What the tokens make of an environment's look: which of the two modes exist, with which values. */
export interface Theme {
  readonly appearance: Mode | 'system';
  readonly layout: Layout;
  readonly font: Font;
  /** Of fields and buttons, in CSS pixels. */
  readonly radius: number;
  readonly palettes: Readonly<Record<Mode, Palette>>;
}

export const ownTheme: Theme = {
  appearance: 'system',
  layout: 'center',
  font: 'system',
  radius: 10,
  palettes: ownPalettes,
};

const declarations = (palette: Palette): string =>
  Object.entries(palette)
    .map(([name, value]) => `--${name}: ${value};`)
    .join('\n');

/** As CSS, with what follows the person's own settings: dark pages, more contrast. */
export function tokensOf({ appearance, font, radius, palettes }: Theme): string {
  const first = appearance === 'dark' ? 'dark' : 'light';
  const other =
    appearance === 'system' ? `@media (prefers-color-scheme: dark) { :root { ${declarations(palettes.dark)} } }` : '';
  return `
:root {
  color-scheme: ${appearance === 'system' ? 'light dark' : appearance};
  --font: ${familyOf(font)};
  --mono: ${familyOf('mono')};
  --radius: ${radius}px;
${declarations(palettes[first])}
}
${other}
@media (prefers-contrast: more) {
  :root {
    --line: currentColor;
    --control: currentColor;
    --text-soft: var(--text);
    --text-faint: var(--text);
  }
}
`;
}
