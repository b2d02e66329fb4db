/**
 * The typefaces an operator chooses from: families that devices bring, so that no page and no mail asks anybody for
 * one, and nothing jumps when it arrives. Within a list they have like proportions, and each ends with one that Windows,
 * macOS and mail programs have had for decades, before the generic word.
 */
const families = {
  system: [
    'Inter',
    'Inter Variable',
    'ui-sans-serif',
    'system-ui',
    '-apple-system',
    'Segoe UI',
    'Roboto',
    'Helvetica Neue',
    'Arial',
    'sans-serif',
  ],
  grotesque: ['Helvetica Neue', 'Arial Nova', 'Nimbus Sans', 'Liberation Sans', 'Helvetica', 'Arial', 'sans-serif'],
  humanist: ['Seravek', 'Gill Sans Nova', 'Ubuntu', 'Calibri', 'Lucida Grande', 'DejaVu Sans', 'Verdana', 'sans-serif'],
  geometric: [
    'Avenir Next',
    'Avenir',
    'Montserrat',
    'Century Gothic',
    'URW Gothic',
    'Corbel',
    'Trebuchet MS',
    'sans-serif',
  ],
  rounded: [
    'ui-rounded',
    'SF Pro Rounded',
    'Hiragino Maru Gothic ProN',
    'Nunito',
    'Quicksand',
    'Arial Rounded MT Bold',
    'Calibri',
    'Verdana',
    'sans-serif',
  ],
  serif: ['ui-serif', 'Charter', 'Bitstream Charter', 'Sitka Text', 'Cambria', 'Georgia', 'Times New Roman', 'serif'],
  slab: ['Rockwell', 'Rockwell Nova', 'Roboto Slab', 'Clarendon', 'DejaVu Serif', 'Sitka Small', 'Georgia', 'serif'],
  mono: [
    'ui-monospace',
    'SFMono-Regular',
    'Cascadia Code',
    'Menlo',
    'Consolas',
    'Liberation Mono',
    'Courier New',
    'monospace',
  ],
} as const;

export type Font = keyof typeof families;

export const fonts = Object.keys(families) as [Font, ...Font[]];

/** As the value of `font-family`. @param quote - the other one where it stands in an attribute */
export const familyOf = (font: Font, quote: '"' | "'" = '"'): string =>
  families[font].map((name) => (name.includes(' ') ? quote + name + quote : name)).join(', ');
