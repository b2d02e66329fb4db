import type { NextRequest } from 'next/server';

export const locales = ['en', 'de'];

const LOCALIZED_PATHS = ['/help'];

/** Where the page is in the person's language, for a path that does not name one. */
export function localizedUrl({ nextUrl, headers }: NextRequest): URL | undefined {
  if (!LOCALIZED_PATHS.includes(nextUrl.pathname)) return undefined;
  const asked = (headers.get('accept-language') ?? '')
    .split(',')
    .map((range) => range.trim().slice(0, 2).toLowerCase());
  const locale = asked.find((language) => locales.includes(language)) ?? locales[0];
  const url = new URL(nextUrl);
  url.pathname = `/${locale}${nextUrl.pathname}`;
  return url;
}
