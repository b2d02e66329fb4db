import type { Brand } from './brand.ts';
import { contrast, leastContrast, mix, parseHex, pressed, type Rgb, standingOut, toHex } from './color.ts';
import { type Mode, modes, ownPalettes, type Palette, type Theme } from './tokens.ts';

/** What the law of readable pages asks (WCAG 2.2 success criteria 1.4.3 and 1.4.11). */
const textRatio = 4.5;
const controlRatio = 3;

/** One of the four colours, how readable it is as chosen, and what is shown instead where it is not. */
export interface Measured {
  readonly mode: Mode;
  readonly color: 'button' | 'button_text' | 'link' | 'page';
  readonly chosen: string;
  readonly shown: string;
  /** Of what was chosen, and of what is shown; to two digits. */
  readonly chosenRatio: number;
  readonly shownRatio: number;
  readonly required: number;
}

interface Derived {
  readonly palette: Palette;
  readonly measured: readonly Measured[];
}

export function themeOf(brand: Brand): Theme {
  const { appearance, layout, font, radius } = brand;
  return {
    appearance,
    layout,
    font,
    radius,
    palettes: { light: derive(brand, 'light').palette, dark: derive(brand, 'dark').palette },
  };
}

/** For the editor: every colour that was chosen, with its ratio. */
export const measure = (brand: Brand): readonly Measured[] => modes.flatMap((mode) => derive(brand, mode).measured);

/** Four colours become the whole palette. A colour that would be hard to read is shown in the nearest shade that is not. */
function derive(brand: Brand, mode: Mode): Derived {
  const own = ownPalettes[mode];
  const chosen = brand[mode];
  const surface = parseHex(own.surface);
  const page = parseHex(chosen.page ?? own.page);
  const button = parseHex(chosen.button ?? own.brand);
  const wantedText = parseHex(chosen.button_text ?? own['brand-text']);
  const text = writingOn(button, wantedText);
  const wantedLink = parseHex(chosen.link ?? chosen.button ?? own.link);
  const cardGrounds = [surface, parseHex(own.sunken)];
  const link = standingOut(wantedLink, cardGrounds, textRatio);
  const edge = standingOut(button, [surface], controlRatio);
  const pageSoft = standingOut(parseHex(own['page-soft']), [page], textRatio);
  const isOwnButton = chosen.button === null && chosen.button_text === null;
  const palette: Palette = {
    ...own,
    page: toHex(page),
    'page-soft': toHex(pageSoft),
    link: toHex(link),
    focus: toHex(link),
    ...(!isOwnButton && {
      brand: toHex(button),
      'brand-hover': toHex(pressed(button, text, 0.1)),
      'brand-active': toHex(pressed(button, text, 0.2)),
      'brand-text': toHex(text),
      'brand-soft': toHex(mix(surface, button, 0.1)),
      'brand-line': edge === button ? 'transparent' : toHex(edge),
    }),
  };
  const measured = (
    color: Measured['color'],
    [wanted, shown]: readonly [Rgb, Rgb],
    grounds: readonly Rgb[],
    required: number,
  ) =>
    chosen[color] === null
      ? []
      : [
          {
            mode,
            color,
            chosen: toHex(wanted),
            shown: toHex(shown),
            chosenRatio: rounded(leastContrast(wanted, grounds)),
            shownRatio: rounded(leastContrast(shown, grounds)),
            required,
          },
        ];
  return {
    palette,
    measured: [
      // The writing on the page follows the page; the page itself is always as chosen.
      ...(chosen.page === null
        ? []
        : [
            {
              mode,
              color: 'page' as const,
              chosen: toHex(page),
              shown: toHex(page),
              chosenRatio: rounded(contrast(parseHex(own['page-soft']), page)),
              shownRatio: rounded(contrast(pageSoft, page)),
              required: textRatio,
            },
          ]),
      ...measured('button', [button, edge], [surface], controlRatio),
      ...measured('button_text', [wantedText, text], [button], textRatio),
      ...measured('link', [wantedLink, link], cardGrounds, textRatio),
    ],
  };
}

/** As wanted where that can be read; else black or white, one of which always can. */
function writingOn(ground: Rgb, wanted: Rgb): Rgb {
  if (contrast(wanted, ground) >= textRatio) return wanted;
  const [black, white]: [Rgb, Rgb] = [
    [0, 0, 0],
    [255, 255, 255],
  ];
  return contrast(black, ground) > contrast(white, ground) ? black : white;
}

/** Down, so that 4.499 does not pass for 4.5. */
const rounded = (ratio: number): number => Math.floor(ratio * 100) / 100;
