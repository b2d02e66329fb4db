import type { RequestInfo } from '../core/index.ts';
import { type Locale, negotiate } from './locales.ts';

/** Holds the language a person chose in the menu of a page. */
export const languageCookie = 'authkit-language';

/**
 * The language to answer a browser in: what the app asked for, what the person chose here before, what the browser is
 * set to, what the environment speaks.
 *
 * @param uiLocales - of the authorization request (OpenID Connect Core section 3.1.2.1)
 */
export function localeOf(
  request: Pick<RequestInfo, 'cookie' | 'language'>,
  { uiLocales, defaultLocale }: { uiLocales?: string | null; defaultLocale?: string | null } = {},
): Locale {
  return negotiate(uiLocales, request.cookie(languageCookie), request.language, defaultLocale);
}
