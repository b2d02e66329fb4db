/** `'90s'`, `'10m'`, `'2h'`, `'30d'`, or its parts, which add up. */
export type Duration =
  | `${number}${'s' | 'm' | 'h' | 'd'}`
  | { readonly days?: number; readonly hours?: number; readonly minutes?: number; readonly seconds?: number };

const inSeconds = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** @throws {TypeError} for what is none: a bare number says no unit */
export function secondsOf(duration: Duration): number {
  if (typeof duration === 'object' && duration !== null) {
    const { days = 0, hours = 0, minutes = 0, seconds = 0 } = duration;
    return days * inSeconds.d + hours * inSeconds.h + minutes * inSeconds.m + seconds;
  }
  const [, number, unit] = /^(-?\d+(?:\.\d+)?)([smhd])$/.exec(String(duration)) ?? [];
  if (number === undefined) {
    throw new TypeError(`'${duration}' is not a duration. Write '90s', '10m', '2h', '30d' or { minutes: 10 }.`);
  }
  return Number(number) * inSeconds[unit as keyof typeof inSeconds];
}
