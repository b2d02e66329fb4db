/** An sRGB colour, each part 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

const black: Rgb = [0, 0, 0];
const white: Rgb = [255, 255, 255];

/** @param hex - `#rrggbb` */
export function parseHex(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

export const toHex = (color: Rgb): string =>
  `#${color.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;

/** Relative luminance, 0 for black to 1 for white (WCAG 2.2, "relative luminance"). */
function luminance(color: Rgb): number {
  const [red = 0, green = 0, blue = 0] = color.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrast(one: Rgb, other: Rgb): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/** @param share - of `other`, 0 to 1 */
export function mix(color: Rgb, other: Rgb, share: number): Rgb {
  const part = (at: 0 | 1 | 2) => Math.round(color[at] + (other[at] - color[at]) * share);
  return [part(0), part(1), part(2)];
}

export const leastContrast = (color: Rgb, grounds: readonly Rgb[]): number =>
  Math.min(...grounds.map((ground) => contrast(color, ground)));

/**
 * The colour, or the nearest shade of it that stands out enough from every ground. Between black and white one always
 * does for a single ground; for grounds of which one is dark and one light it is the best there is.
 */
export function standingOut(color: Rgb, grounds: readonly Rgb[], ratio: number): Rgb {
  if (leastContrast(color, grounds) >= ratio) return color;
  const steps = Array.from({ length: 50 }, (_, step) => (step + 1) / 50);
  const shades = steps.flatMap((share) => [mix(color, black, share), mix(color, white, share)]);
  const best = (one: Rgb, other: Rgb) => (leastContrast(other, grounds) > leastContrast(one, grounds) ? other : one);
  return shades.find((shade) => leastContrast(shade, grounds) >= ratio) ?? shades.reduce(best);
}

/** A state of a filled control: further from what is written on it, so that the writing stays readable. */
export const pressed = (fill: Rgb, writing: Rgb, share: number): Rgb =>
  mix(fill, luminance(writing) > luminance(fill) ? black : white, share);
