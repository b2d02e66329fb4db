import { InvalidLocale } from './errors.ts';

/**
 * A language tag in its canonical spelling, `en-us` as `en-US` (BCP 47).
 *
 * @throws {InvalidLocale}
 */
export function canonicalLocale(locale: string): string {
  const canonical = canonicalOf(locale);
  if (canonical === null) throw new InvalidLocale(locale.slice(0, 64));
  return canonical;
}

export const isLocale = (locale: string): boolean => canonicalOf(locale) !== null;

function canonicalOf(locale: string): string | null {
  try {
    const [canonical] = Intl.getCanonicalLocales(locale);
    return canonical !== undefined && canonical.length <= 64 ? canonical : null;
  } catch {
    // A RangeError says that it is not a language tag; what to say about it is the caller's.
    return null;
  }
}
