import { InvalidLocale } from './errors.ts';

/**
 * A language tag in its canonical spelling, `en-us` as `en-US` (BCP 47).
 *
 * @throws {InvalidLocale}
 */
export function canonicalLocale(locale: string): string {
  try {
    const [canonical] = Intl.getCanonicalLocales(locale);
    if (canonical !== undefined && canonical.length <= 64) return canonical;
  } catch {
    // A RangeError says that it is not a language tag; what to say about it is ours.
  }
  throw new InvalidLocale(locale.slice(0, 64));
}
